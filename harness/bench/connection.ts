// One keep-alive connection to one listener. A burst runs on callbacks, one promise a burst: the
// client's work must stay small beside what is measured.
import type { ToolError } from "../../sdk/errors.ts";
import { pause } from "./pause.ts";
import type { BenchRequest, Wire } from "./request.ts";
import { openTransport, type Address, type Transport } from "./transport.ts";

/** A request without an answer for so long has none. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How late a sleeping thread may be. */
const WAKE_UP_MS = 0.15;
/** Ctrl-C is heard in between. */
const MOST_PAUSE_MS = 10;

/** Makes an error of what happened to a connection, for example "closed its connection". */
export type FailureOf = (what: string) => ToolError;

/** A connection that sends the same request again and again. */
export class Connection {
  /** How many answers had which status. */
  readonly statuses = new Map<number, number>();
  #answers = 0;
  readonly #failureOf: FailureOf;
  readonly #transport: Transport;
  #onAnswer: (() => void) | null = null;
  #onConnected: (() => void) | null = null;
  #onFailure: ((failure: Error) => void) | null = null;
  #failure: ToolError | null = null;
  #closed = false;

  private constructor(failureOf: FailureOf, address: Address, request: BenchRequest, wire: Wire) {
    this.#failureOf = failureOf;
    this.#transport = openTransport(address, request, wire, {
      connected: () => this.#onConnected?.(),
      answered: (status) => {
        this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
        this.#answers++;
        this.#onAnswer?.();
      },
      failed: (what) => {
        if (!this.#closed) this.#fail(what);
      },
    });
  }

  /** Connects. Fails, then and later, with what `failureOf` makes of what happened. */
  static async open(
    failureOf: FailureOf,
    address: Address,
    request: BenchRequest,
    wire: Wire,
  ): Promise<Connection> {
    const connection = new Connection(failureOf, address, request, wire);
    try {
      await connection.#until((done) => {
        connection.#onConnected = done;
      });
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Sends requests one by one, each when the answer to the one before it is complete. */
  async burst(requests: number): Promise<void> {
    await this.#until((done) => {
      let left = requests;
      this.#onAnswer = () => {
        left--;
        if (left === 0) done();
        else this.#transport.send();
      };
      this.#transport.send();
    });
  }

  /**
   * The same, and takes the time of each.
   * @returns Milliseconds from the sending to the whole answer, one entry a request.
   */
  async timedBurst(requests: number): Promise<Float64Array> {
    const latencies = new Float64Array(requests);
    await this.#until((done) => {
      let answered = 0;
      let sent = performance.now();
      this.#onAnswer = () => {
        const now = performance.now();
        latencies[answered] = now - sent;
        answered++;
        if (answered === requests) {
          done();
          return;
        }
        sent = now;
        this.#transport.send();
      };
      this.#transport.send();
    });
    return latencies;
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
        this.#transport.send();
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

  /** Sends requests one by one for so long; returns how many were answered. */
  async saturate(milliseconds: number): Promise<number> {
    let answered = 0;
    await this.#until((done) => {
      const end = performance.now() + milliseconds;
      this.#onAnswer = () => {
        answered++;
        if (performance.now() >= end) done();
        else this.#transport.send();
      };
      this.#transport.send();
    });
    return answered;
  }

  /** Closes the connection. */
  close(): void {
    this.#closed = true;
    this.#onFailure = null;
    this.#transport.close();
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
      this.#onConnected = null;
      this.#onFailure = null;
    }
  }

  #fail(what: string): void {
    this.#failure ??= this.#failureOf(what);
    this.#onFailure?.(this.#failure);
  }
}
