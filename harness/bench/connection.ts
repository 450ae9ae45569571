// One keep-alive connection to one listener. Bytes are read into one buffer and a burst runs on
// callbacks, one promise a burst: the client's work must stay small beside what is measured.
import { connect, type Socket } from "node:net";
import { ToolError } from "../../sdk/errors.ts";
import { pause } from "./pause.ts";
import { ResponseReader } from "./response-reader.ts";

/** A request without an answer for so long has none. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How late a sleeping thread may be. */
const WAKE_UP_MS = 0.15;
/** Ctrl-C is heard in between. */
const MOST_PAUSE_MS = 10;

/** What a client asks, again and again. */
export interface BenchRequest {
  /** Begins with a slash. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The request as it goes over the wire. */
export function requestBytes(request: BenchRequest): Buffer {
  const named = request.headers.some(([name]) => name.toLowerCase() === "host");
  const headers = named ? request.headers : [["host", "bench.test"] as const, ...request.headers];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.from(`GET ${request.path} HTTP/1.1\r\n${lines}\r\n`, "utf8");
}

/** A connection that sends the same request again and again. */
export class Connection {
  /** How many answers had which status. */
  readonly statuses = new Map<number, number>();
  #answers = 0;
  readonly #name: string;
  readonly #socket: Socket;
  readonly #request: Buffer;
  #onAnswer: (() => void) | null = null;
  #onFailure: ((failure: Error) => void) | null = null;
  #failure: ToolError | null = null;

  private constructor(name: string, port: number, request: Buffer) {
    this.#name = name;
    this.#request = request;
    const reader = new ResponseReader((status) => {
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      this.#answers++;
      this.#onAnswer?.();
    });
    this.#socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(65_536),
        callback: (length, buffer) => {
          try {
            reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, length));
          } catch (thrown) {
            this.#fail(thrown instanceof Error ? `got ${thrown.message}` : String(thrown));
          }
          return true;
        },
      },
    });
    this.#socket.on("error", (error) => {
      this.#fail(`broke its connection (${error.message})`);
    });
    this.#socket.on("close", () => {
      this.#fail("closed its connection");
    });
  }

  /**
   * Connects to a listener on the loopback interface.
   * @param name The listener's, for messages.
   */
  static async open(name: string, port: number, request: Buffer): Promise<Connection> {
    const connection = new Connection(name, port, request);
    await connection.#until((done) => {
      connection.#socket.once("connect", done);
    });
    return connection;
  }

  /** Sends requests one by one, each when the answer to the one before it is complete. */
  async burst(requests: number): Promise<void> {
    await this.#until((done) => {
      let left = requests;
      this.#onAnswer = () => {
        left--;
        if (left === 0) done();
        else this.#socket.write(this.#request);
      };
      this.#socket.write(this.#request);
    });
  }

  /**
   * Sends requests at fixed times whatever became of those before, as independent users would, and
   * gives the latency of each from the time at which it should have been sent: time that a request
   * waits for a slow one before it counts. On the connection one request is outstanding at a time.
   * @returns Milliseconds, one entry a request.
   */
  async paced(requests: number, perSecond: number): Promise<Float64Array> {
    const latencies = new Float64Array(requests);
    const interval = 1000 / perSecond;
    await this.#until((done) => {
      const start = performance.now() + interval;
      let answered = 0;
      let outstanding = false;
      let over = false;
      this.#onAnswer = () => {
        latencies[answered] = performance.now() - (start + answered * interval);
        outstanding = false;
        answered++;
        if (answered === requests) {
          over = true;
          done();
        } else {
          send();
        }
      };
      const send = (): void => {
        if (outstanding || performance.now() < start + answered * interval) return;
        outstanding = true;
        this.#socket.write(this.#request);
      };
      // Node's timers count whole milliseconds. So this sleeps while there is nothing to receive,
      // and shortly before the next request is due turns the event loop instead.
      const turn = (): void => {
        if (over || this.#failure !== null) return;
        const left = start + answered * interval - performance.now();
        if (!outstanding && left > WAKE_UP_MS) pause(Math.min(left - WAKE_UP_MS, MOST_PAUSE_MS));
        send();
        setImmediate(turn);
      };
      turn();
    });
    return latencies;
  }

  /** Closes the connection. */
  close(): void {
    this.#onFailure = null;
    this.#socket.destroy();
  }

  async #until(start: (done: () => void) => void): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    let seen = this.#answers;
    const timer = setInterval(() => {
      if (this.#answers === seen)
        this.#fail(`gave no answer for ${ANSWER_TIMEOUT_MS / 1000} seconds`);
      seen = this.#answers;
    }, ANSWER_TIMEOUT_MS);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onFailure = reject;
        start(resolve);
      });
    } finally {
      clearInterval(timer);
      this.#onAnswer = null;
      this.#onFailure = null;
    }
  }

  #fail(what: string): void {
    this.#failure ??= new ToolError(
      "ERR_FILTER_TRAPPED",
      `${this.#name} ${what} while it was measured`,
      {
        hint:
          "a filter that traps, loops, or pauses a request and never continues it does this; " +
          "see what it logs with `as-proxy-wasm run`",
      },
    );
    this.#onFailure?.(this.#failure);
  }
}
