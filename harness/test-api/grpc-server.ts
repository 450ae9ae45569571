// A gRPC service in this process: HTTP/2, which Node has, and gRPC's frames in it:
//   byte 0      whether the message is compressed, which Envoy never asks for
//   bytes 1..4  the length of the message, big-endian
//   then        the message
import { createServer } from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import type { TestServer } from "./server.ts";
import { listenLocally } from "../traffic/listen.ts";

const PREFIX = 5;
const UNSUPPORTED_MEDIA_TYPE = 415;

/** The frame of a message. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(PREFIX + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX);
  return frame;
}

/** Puts messages together from the parts in which their frames come. */
export class Unframer {
  #parts: Buffer[] = [];
  #length = 0;
  /** How many bytes there must be before there is anything to do. */
  #wanted = PREFIX;

  /** Takes a part; answers the messages that it completes. */
  push(part: Buffer): readonly Buffer[] {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length < this.#wanted) return [];
    const messages: Buffer[] = [];
    let rest = Buffer.concat(this.#parts);
    while (rest.length >= (this.#wanted = wantedOf(rest))) {
      messages.push(rest.subarray(PREFIX, this.#wanted));
      rest = rest.subarray(this.#wanted);
    }
    this.#parts = [rest];
    this.#length = rest.length;
    return messages;
  }
}

/** The length of the frame that begins there, as far as it can be told. */
function wantedOf(bytes: Buffer): number {
  return bytes.length < PREFIX ? PREFIX : PREFIX + bytes.readUInt32BE(1);
}

/** Starts a service on a free port of 127.0.0.1; `serve` is called for each call and stream. */
export async function startGrpcServer(
  serve: (stream: ServerHttp2Stream, rawHeaders: readonly string[]) => void,
): Promise<TestServer> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => undefined);
  });
  const received = (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    _flags: number,
    rawHeaders: readonly string[],
  ): void => {
    // What is broken off is closed, too.
    stream.on("error", () => undefined);
    if (headers["content-type"]?.startsWith("application/grpc") === true) serve(stream, rawHeaders);
    else stream.respond({ ":status": UNSUPPORTED_MEDIA_TYPE }, { endStream: true });
  };
  server.on("stream", received);
  await listenLocally(server);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}
