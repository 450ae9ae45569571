// A gRPC service with messages of any bytes: what it is sent says what it does.
import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { ServiceDefinition, handleBidiStreamingCall, handleUnaryCall } from "@grpc/grpc-js";
import type { TestContext } from "node:test";

const same = (bytes: Buffer): Buffer => bytes;
const method = (name: string, stream: boolean): ServiceDefinition[string] => ({
  path: `/test.Service/${name}`,
  requestStream: stream,
  responseStream: stream,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});

const SERVICE: ServiceDefinition = { Unary: method("Unary", false), Chat: method("Chat", true) };

interface Cancellable {
  on(event: "cancelled", listener: () => void): unknown;
}

/** The service while it runs, and what it saw. */
export interface GrpcServer {
  readonly port: number;
  /** Which calls and chats were broken off, of those that hang. */
  readonly cancelled: string[];
  /** Resolves when so many were broken off. */
  untilCancelled(count: number): Promise<void>;
  /** Resolves when so many calls and chats hang. */
  untilHanging(count: number): Promise<void>;
}

/** The code in `code-N`. */
function codeOf(text: string): status {
  const codes = Object.values(status).filter((value): value is status => typeof value === "number");
  return codes.find((code) => text === `code-${code}`) ?? status.UNKNOWN;
}

/** Starts it on a free port of 127.0.0.1; it ends with the test. */
export async function grpcServer(t: TestContext): Promise<GrpcServer> {
  const cancelled: string[] = [];
  let hanging = 0;
  let changed = (): void => undefined;
  const until = async (reached: () => boolean): Promise<void> => {
    while (!reached()) await new Promise<void>((resolve) => (changed = resolve));
  };
  /** Notes that a call hangs, and when it is broken off. */
  const hang = (what: string, call: Cancellable): void => {
    hanging++;
    changed();
    call.on("cancelled", () => {
      cancelled.push(what);
      changed();
    });
  };
  const unary: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
    const text = call.request.length < 100 ? call.request.toString() : "";
    if (text === "hang") hang("call", call);
    else if (text === "deny")
      callback({ code: status.PERMISSION_DENIED, details: "you may not: ü" });
    else if (text.startsWith("code-")) callback({ code: codeOf(text), details: "asked" });
    else if (text === "empty") callback(null, Buffer.alloc(0));
    else if (text === "host") callback(null, Buffer.from(call.getHost()));
    else if (text === "metadata") {
      const values = ["x-sent", "x-empty"].map((name) => JSON.stringify(call.metadata.get(name)));
      callback(null, Buffer.from(values.join()));
    } else callback(null, call.request);
  };
  const chat: handleBidiStreamingCall<Buffer, Buffer> = (stream) => {
    const initial = new Metadata();
    initial.set("x-initial", "one");
    stream.sendMetadata(initial);
    const trailing = new Metadata();
    trailing.set("x-trailing", "two");
    stream.on("data", (bytes: Buffer) => {
      const text = bytes.toString();
      if (text === "hang") hang("chat", stream);
      else if (text === "end-me") stream.end(trailing);
      else if (text === "fail-me")
        stream.emit("error", { code: status.ABORTED, details: "as asked", metadata: trailing });
      else stream.write(bytes);
    });
    stream.on("end", () => {
      stream.end(trailing);
    });
  };
  const server = new Server();
  server.addService(SERVICE, { Unary: unary, Chat: chat });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  t.after(() => {
    server.forceShutdown();
  });
  return {
    port,
    cancelled,
    untilCancelled: (count) => until(() => cancelled.length >= count),
    untilHanging: (count) => until(() => hanging >= count),
  };
}
