import type { Callout as HostCallout, CalloutAnswer } from "../host/http/callout.ts";
import type { Callout } from "./api.ts";
import { message } from "./message.ts";
import { resetBeforeHeaders } from "../host/http/local-reply.ts";

/** What Envoy answers in the place of a service whose connection breaks. */
const BROKEN_CONNECTION: CalloutAnswer = {
  status: 503,
  headers: { "content-type": "text/plain" },
  body: resetBeforeHeaders("connection termination"),
};

/** A callout of a filter on the in-process host, for the test. */
export function calloutOf(callout: HostCallout): Callout {
  const { cluster, trailers, body, bodyBytes } = callout;
  // As it reaches the service.
  const headers = callout.headers
    .filter(([name]) => !name.startsWith(":") || name === ":authority")
    .map(([name, value]) => [name === ":authority" ? "host" : name, value] as const);
  const received = message({
    method: callout.header(":method") ?? "",
    path: callout.header(":path") ?? "",
    headers,
    trailers,
    body,
    bodyBytes,
  });
  const answer = (given: CalloutAnswer): Promise<void> =>
    Promise.resolve().then(() => {
      callout.respond(given);
    });
  return {
    ...received,
    cluster,
    respond: (given = {}) => answer(given),
    fail: () => answer(BROKEN_CONNECTION),
  };
}
