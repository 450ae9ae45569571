// What goes through a probe, made from its number: the requests' pieces and trailers, what the upstream
// answers, how much is buffered, and what becomes of later requests when the probe traps.
import type { FailurePolicy } from "../../harness/envoy/bootstrap.ts";
import { seededRandom } from "../../sdk/inspect/testing.ts";
import type { Header, UpstreamRequest, UpstreamResponse } from "../../sdk/host/index.ts";

/** What the upstream does with a request: its `x-answer` says so. */
export const ANSWERS = [
  "echo",
  "pieces",
  "trailers",
  "empty",
  "error",
  "breaks",
  "bodiless",
] as const;
export type Answer = (typeof ANSWERS)[number];

/** The traffic of one probe. */
export interface Traffic {
  readonly method: string;
  readonly headers: readonly Header[];
  /** Each comes by itself; none for a request without a body. */
  readonly pieces: readonly string[];
  readonly trailers: readonly Header[] | null;
  /** How many such requests there are, one after the other. */
  readonly requests: number;
  /** How much of a body is held back, in bytes; null for as much as by default. */
  readonly bufferLimit: number | null;
  readonly failurePolicy: FailurePolicy;
  readonly allowOnHeadersStopIteration: boolean;
}

/** So long that a piece comes by itself, in milliseconds. */
export const PAUSE_MS = 30;

/** The traffic of that number; in one piece where the probe waits for something else meanwhile. */
export function traffic(seed: number, whole: boolean): Traffic {
  const random = seededRandom(seed * 6151 + 5);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(list: readonly T[], fallback: T): T => list[below(list.length)] ?? fallback;
  const hasBody = below(3) > 0;
  const count = hasBody ? (whole ? 1 : 1 + below(3)) : 0;
  const headers: Header[] = [
    ["host", "example"],
    ["x-answer", oneOf<Answer>(below(2) === 0 ? ["echo"] : ANSWERS, "echo")],
    ["x-twice", "1"],
    ["x-twice", "2"],
    ["accept", "a"],
    ["x-request-id", "1e023880-dce8-40ab-8449-ee42cd419754"],
  ];
  if (below(8) === 0) headers.push(["content-type", "application/grpc"]);
  return {
    method: hasBody ? "POST" : oneOf(["GET", "GET", "HEAD"], "GET"),
    // Without a content-length, which a probe's changes to the body would belie.
    headers: hasBody ? [...headers, ["transfer-encoding", "chunked"]] : headers,
    pieces: Array.from({ length: count }, (_, index) =>
      `piece ${index} of the body`.repeat(1 + below(2)),
    ),
    trailers:
      hasBody && below(3) === 0
        ? [
            ["x-trailer", "t"],
            ["x-twice", "3"],
          ]
        : null,
    requests: below(4) === 0 ? 2 : 1,
    bufferLimit: below(4) === 0 ? oneOf([8, 30, 60], 30) : null,
    failurePolicy: oneOf(["FAIL_CLOSED", "FAIL_CLOSED", "FAIL_OPEN"], "FAIL_CLOSED"),
    allowOnHeadersStopIteration: below(4) > 0,
  };
}

/** An answer, as a probe's upstream makes it. */
interface Made extends UpstreamResponse {
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the upstream answers; null where it breaks the connection. */
export function answerTo(request: UpstreamRequest): UpstreamResponse | null {
  const answer = request.headers.find(([name]) => name === "x-answer")?.[1];
  const made = madeBy(answer as Answer | undefined, request);
  // As a server in Node says it.
  return made && { ...made, headers: { ...made.headers, connection: "keep-alive" } };
}

function madeBy(answer: Answer | undefined, request: UpstreamRequest): Made | null {
  switch (answer) {
    case "pieces":
      return { headers: { "content-type": "a/b" }, body: ["first", "the second", "3"] };
    case "trailers":
      return {
        headers: { "x-twice": "a" },
        body: ["first", "second"],
        trailers: { "x-trailer": "t", "x-twice": "4" },
      };
    case "empty":
      return { status: 204 };
    case "error":
      return { status: 500, headers: { "x-twice": "5" }, body: "wrong" };
    case "breaks":
      return null;
    case "bodiless":
      return { headers: { "x-twice": "6" } };
    default: {
      const { body, headers, method, path, trailers } = request;
      const text = JSON.stringify({ method, path, headers, body, trailers });
      return { headers: { "content-type": "application/json" }, body: text };
    }
  }
}
