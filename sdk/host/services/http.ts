// HTTP callouts over the network, and what Envoy makes of their answers.
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { ClientHttp2Session } from "node:http2";
import type { Callout } from "../http/callout.ts";
import type { Header } from "../http/header-map.ts";
import { validHeaderValue } from "../http/upstream.ts";
import { codeOf, failureText } from "./failure.ts";
import type { ServiceSpec } from "./services.ts";

type Guarded = (step: () => void) => void;

const UNAVAILABLE = 503;

/** What Envoy answers in the place of a service. */
function answerFor(callout: Callout, text: string): void {
  callout.respond({
    status: UNAVAILABLE,
    headers: { "content-type": "text/plain" },
    body: text,
  });
}

/** False where Envoy does not send it: a value would break the message. */
function hasValidValues(callout: Callout): boolean {
  const invalid = callout.headers.find(([, value]) => !validHeaderValue(value))?.[0];
  if (invalid !== undefined) answerFor(callout, `invalid header value for: ${invalid}`);
  return invalid === undefined;
}

/** The pairs of a list in which names and values take turns. */
export function pairsIn(flat: readonly string[]): Header[] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [
    flat[2 * index] ?? "",
    flat[2 * index + 1] ?? "",
  ]);
}

/** Headers in the form of Node: what comes once by itself, what comes more often as a list. */
export function byName(headers: readonly Header[]): Map<string, string | string[]> {
  const all = new Map<string, string | string[]>();
  for (const [name, value] of headers) {
    const present = all.get(name);
    all.set(name, present === undefined ? value : [present, value].flat());
  }
  return all;
}

/** What Envoy adds to a callout: its own, and how long it waits. */
function added({ timeout }: Callout): Header[] {
  const limit: Header[] =
    timeout === 0 ? [] : [["x-envoy-expected-rq-timeout-ms", String(timeout)]];
  return [["x-envoy-internal", "true"], ...limit];
}

/** Sends it by HTTP/1.1 on a connection of its own. Throws where Node refuses to send such a thing. */
export function sendByHttp1(callout: Callout, { host, port }: ServiceSpec, guarded: Guarded): void {
  if (!hasValidValues(callout)) return;
  const headers = byName([...callout.headers, ...added(callout)]);
  headers.set("host", callout.header(":authority") ?? "");
  const sendable = [...headers].filter(([name]) => !name.startsWith(":") && name !== "connection");
  const sent = request({
    host,
    port,
    method: callout.header(":method") ?? "GET",
    path: callout.header(":path") ?? "/",
    // Here, and not one after the other: what Node refuses, it refuses before it connects.
    headers: Object.fromEntries(sendable),
    // Not kept: nothing of it outlives its answer.
    agent: false,
  });
  // Envoy says nothing of it either.
  sent.removeHeader("connection");
  callout.whenOver(() => sent.destroy());
  sent.on("response", (response: IncomingMessage) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", () => {
      guarded(() => {
        callout.fail();
      });
    });
    response.on("end", () => {
      guarded(() => {
        const trailers = pairsIn(response.rawTrailers);
        callout.respond({
          status: response.statusCode ?? 0,
          headers: [...pairsIn(response.rawHeaders), ["x-envoy-upstream-service-time", "0"]],
          body: Buffer.concat(chunks),
          ...(trailers.length === 0 ? {} : { trailers }),
        });
      });
    });
  });
  sent.on("error", (error) => {
    guarded(() => {
      answerFor(callout, failureText(codeOf(error)));
    });
  });
  sent.end(callout.bodyBytes);
}

/** Sends it by HTTP/2. Throws as `sendByHttp1`. */
export function sendByHttp2(callout: Callout, session: ClientHttp2Session, guarded: Guarded): void {
  if (!hasValidValues(callout)) return;
  const headers = byName([...callout.headers, ...added(callout)]);
  const endStream = callout.bodyBytes.length === 0;
  const stream = session.request(Object.fromEntries(headers), { endStream });
  callout.whenOver(() => {
    stream.close();
  });
  const chunks: Buffer[] = [];
  let head: readonly Header[] | null = null;
  let trailers: readonly Header[] = [];
  stream.on(
    "response",
    (_headers: unknown, _flags: unknown, raw: string[]) => (head = pairsIn(raw)),
  );
  stream.on(
    "trailers",
    (_headers: unknown, _flags: unknown, raw: string[]) => (trailers = pairsIn(raw)),
  );
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  let failure: string | undefined;
  stream.on("error", (error: Error) => (failure = codeOf(error)));
  stream.on("close", () => {
    guarded(() => {
      if (head === null) answerFor(callout, failureText(failure));
      else if (failure !== undefined || !stream.readableEnded) callout.fail();
      else {
        const status = Number(head.find(([name]) => name === ":status")?.[1]);
        const own = head.filter(([name]) => name !== ":status");
        callout.respond({
          status,
          headers: [...own, ["x-envoy-upstream-service-time", "0"]],
          body: Buffer.concat(chunks),
          ...(trailers.length === 0 ? {} : { trailers }),
        });
      }
    });
  });
  if (!endStream) stream.end(callout.bodyBytes);
}
