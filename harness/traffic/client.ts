// An HTTP/1.1 client that sends the bytes it is given and shows the bytes it gets: HTTP libraries
// join, sort, decode and refuse, and a test of a filter must see what went over the wire.
import { connect } from "node:net";
import { parseResponse } from "./response.ts";
import type { RawResponse } from "./response.ts";

export interface RawRequest {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Default: GET. */
  readonly method?: string;
  /** Default: `/`. */
  readonly path?: string;
  /**
   * Sent as they are, in this order; strings as latin1. `host`, and `content-length` when there is
   * a body, come first unless they (or `transfer-encoding`) are given.
   */
  readonly headers?: readonly (readonly [name: string, value: string | Buffer])[];
  /** Sent as it is: for a chunked request write the chunks' frames yourself. */
  readonly body?: string | Buffer;
  /** How long the whole may take, in milliseconds. Default: 30,000. */
  readonly timeout?: number;
}

/** Sends one request over a connection of its own and reads its final response. */
export function request(wanted: RawRequest): Promise<RawResponse> {
  const method = wanted.method ?? "GET";
  const timeout = wanted.timeout ?? 30_000;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: wanted.port, noDelay: true });
    const timer = setTimeout(() => {
      finish(new Error(`no complete response in ${timeout} ms`));
    }, timeout);
    let received: Buffer = Buffer.alloc(0);
    const finish = (outcome: RawResponse | Error): void => {
      clearTimeout(timer);
      socket.destroy();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const read = (ended: boolean): void => {
      try {
        const response = parseResponse(received, method, ended);
        if (response !== null) finish(response);
        else if (ended)
          finish(new Error(`the connection was closed within the response: ${quote(received)}`));
      } catch (error) {
        finish(error as Error);
      }
    };
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      read(false);
    });
    socket.on("end", () => {
      read(true);
    });
    socket.on("error", finish);
    socket.write(serialize(method, wanted));
  });
}

function serialize(method: string, wanted: RawRequest): Buffer {
  const { port, path = "/", headers = [], body = "" } = wanted;
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const own: [string, string][] = [];
  if (!given.has("host")) own.push(["host", `127.0.0.1:${port}`]);
  if (body.length > 0 && !given.has("content-length") && !given.has("transfer-encoding")) {
    own.push(["content-length", String(Buffer.byteLength(body))]);
  }
  const parts: Buffer[] = [Buffer.from(`${method} ${path} HTTP/1.1\r\n`, "latin1")];
  for (const [name, value] of [...own, ...headers]) {
    const bytes = typeof value === "string" ? Buffer.from(value, "latin1") : value;
    parts.push(Buffer.from(`${name}: `, "latin1"), bytes, Buffer.from("\r\n"));
  }
  parts.push(Buffer.from("\r\n"), typeof body === "string" ? Buffer.from(body) : body);
  return Buffer.concat(parts);
}

function quote(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(0, 200).toString("latin1"));
}
