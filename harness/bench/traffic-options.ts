// The flags that say what requests are sent, and over what.
import type { Arguments } from "../../sdk/cli/command.ts";
import { ToolError } from "../../sdk/errors.ts";
import { numberFlag } from "../cli/flags.ts";
import { UPSTREAM_HEADER, type BenchRequest } from "./request.ts";
import type { Traffic } from "./traffic.ts";

/** The ranges of what can be counted; those of sweeps are the same. */
export const RANGES = {
  headers: { least: 0, most: 90, otherwise: 8 },
  body: { least: 0, most: 1_048_576, otherwise: 0 },
  "response-body": { least: 0, most: 1_048_576, otherwise: 2 },
  connections: { least: 1, most: 256, otherwise: 1 },
  workers: { least: 1, most: 64, otherwise: 1 },
} as const;

/** Headers that are sent unless the user replaces them. */
const USUAL_HEADERS: BenchRequest["headers"] = [
  ["user-agent", "as-proxy-wasm-bench"],
  ["accept", "*/*"],
];

/** Headers that say how the connection is used or where the body ends, and our own. */
const FRAMING = [
  "connection",
  "content-length",
  "expect",
  "te",
  "transfer-encoding",
  "upgrade",
  UPSTREAM_HEADER,
];

/** Reads the flags. Fails with ERR_USAGE. */
export function trafficFlags(args: Arguments): Traffic {
  const count = (flag: keyof typeof RANGES, from: string = flag): number => {
    const { least, most, otherwise } = RANGES[flag];
    return numberFlag(args, from, least, most, otherwise);
  };
  return {
    request: {
      path: path(args.text("path") ?? "/"),
      headers: headers(args.all("header"), count("headers", "sample-headers")),
      bodyBytes: count("body"),
    },
    responseBodyBytes: count("response-body"),
    wire: { protocol: args.has("http2") ? "http2" : "http1", tls: args.has("tls") },
    connections: count("connections"),
    workers: count("workers"),
  };
}

/**
 * So many headers as a filter that reads all of them shall have some to read: with the usual ones
 * about as many as a browser sends.
 */
export function sampleHeaders(count: number): BenchRequest["headers"] {
  return Array.from({ length: count }, (_, i) => [`x-sample-${i}`, `value-${i}`] as const);
}

function path(text: string): string {
  if (/^\/[\x21-\x7e]*$/.test(text)) return text;
  throw new ToolError("ERR_USAGE", `--path wants a path such as /users?id=1, not ${text}`, {
    hint: "begin with a slash, and percent-encode blanks and what is not ASCII",
  });
}

function headers(texts: readonly string[], samples: number): BenchRequest["headers"] {
  const given = texts.map((text) => {
    const found = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\u{10ffff}]*)$/u.exec(text);
    if (found === null) {
      throw new ToolError("ERR_USAGE", `--header wants 'name: value', not ${text}`);
    }
    const [, name = "", value = ""] = found;
    if (FRAMING.includes(name.toLowerCase())) {
      throw new ToolError("ERR_USAGE", `--header cannot set ${name}`, {
        hint: "bench keeps its connections and says itself how long bodies are; --body N sends one",
      });
    }
    return [name, value.trimEnd()] as const;
  });
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  const usual = [...USUAL_HEADERS, ...sampleHeaders(samples)];
  return [...usual.filter(([name]) => !names.has(name)), ...given];
}
