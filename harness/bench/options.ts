// The command line of `bench`, checked and with its defaults.
import type { Arguments } from "../../sdk/cli/command.ts";
import { ToolError } from "../../sdk/errors.ts";
import { filterArguments, numberFlag, type FilterArgument } from "../cli/flags.ts";
import type { BenchRequest } from "./connection.ts";
import type { Length } from "./measure.ts";

/** What the user wants measured, and how. */
export interface BenchOptions {
  readonly filters: readonly LabelledFilter[];
  /** The name of the filter that ratios are to; undefined: the first. */
  readonly baseline: string | undefined;
  readonly request: BenchRequest;
  readonly seed: number;
  readonly bursts: Length;
  readonly client: Length;
  /** Requests a second at the fixed rate; null: chosen. */
  readonly clientRate: number | null;
  readonly envoy: string | undefined;
  /** Where the JSON report goes: a file, `-` for standard output, undefined for nowhere. */
  readonly json: string | undefined;
}

/** A filter with the name that the user gave it, if any. */
export interface LabelledFilter extends FilterArgument {
  readonly label: string | null;
}

/** Seconds of measuring, start and warm-up not counted. */
const SECONDS = 30;
const QUICK_SECONDS = 6;
/** The part of the seconds that the fixed rate gets. */
const CLIENT_PART = 0.3;
/** Of so many rounds of bursts one is repeated at the fixed rate. */
const ROUNDS_PER_CLIENT_ROUND = 10;

/** About as many as a browser sends: a filter that reads all headers shall have some to read. */
const DEFAULT_HEADERS: BenchRequest["headers"] = [
  ["user-agent", "as-proxy-wasm-bench"],
  ["accept", "*/*"],
  ...Array.from({ length: 8 }, (_, i) => [`x-sample-${i}`, `value-${i}`] as const),
];

/** Headers that say how the connection is used or where the body ends. */
const FRAMING = ["connection", "content-length", "expect", "te", "transfer-encoding", "upgrade"];

/** Reads the command line. Fails with ERR_USAGE. */
export function benchOptions(args: Arguments): BenchOptions {
  return {
    filters: filterArguments(args).map(labelled),
    baseline: args.text("baseline"),
    request: { path: path(args.text("path") ?? "/"), headers: headers(args.all("header")) },
    seed: numberFlag(args, "seed", 0, 999_999_999, 1),
    ...lengths(args),
    clientRate: args.has("rate") ? numberFlag(args, "rate", 1, 50_000, 1) : null,
    envoy: args.text("envoy"),
    json: args.text("json"),
  };
}

/** `NAME=FILTER` names a filter, so that two builds of one can be told apart. */
function labelled(given: FilterArgument): LabelledFilter {
  const found = /^([\w.-]+)=(.+)$/.exec(given.filter);
  if (found === null) return { ...given, label: null };
  return { ...given, label: found[1] ?? null, filter: found[2] ?? "" };
}

function lengths(args: Arguments): { readonly bursts: Length; readonly client: Length } {
  const given = ["seconds", "rounds", "quick"].filter((flag) => args.has(flag));
  if (given.length > 1) {
    throw new ToolError("ERR_USAGE", `--${given.join(" and --")} exclude each other`, {
      hint: "say in one way how long to measure",
    });
  }
  if (args.has("rounds")) {
    const rounds = numberFlag(args, "rounds", 1, 1_000_000, 1);
    const clientRounds = Math.ceil(rounds / ROUNDS_PER_CLIENT_ROUND);
    return {
      bursts: { rounds, seconds: Infinity },
      client: { rounds: clientRounds, seconds: Infinity },
    };
  }
  const otherwise = args.has("quick") ? QUICK_SECONDS : SECONDS;
  const seconds = numberFlag(args, "seconds", 1, 86_400, otherwise);
  return {
    bursts: { rounds: Infinity, seconds: seconds * (1 - CLIENT_PART) },
    client: { rounds: Infinity, seconds: seconds * CLIENT_PART },
  };
}

function path(text: string): string {
  if (/^\/[\x21-\x7e]*$/.test(text)) return text;
  throw new ToolError("ERR_USAGE", `--path wants a path such as /users?id=1, not ${text}`, {
    hint: "begin with a slash, and percent-encode blanks and what is not ASCII",
  });
}

function headers(texts: readonly string[]): BenchRequest["headers"] {
  const given = texts.map((text) => {
    const found = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\u{10ffff}]*)$/u.exec(text);
    if (found === null) {
      throw new ToolError("ERR_USAGE", `--header wants 'name: value', not ${text}`);
    }
    const [, name = "", value = ""] = found;
    if (FRAMING.includes(name.toLowerCase())) {
      throw new ToolError("ERR_USAGE", `--header cannot set ${name}`, {
        hint: "bench sends GET without a body over a connection that it keeps",
      });
    }
    return [name, value.trimEnd()] as const;
  });
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  return [...DEFAULT_HEADERS.filter(([name]) => !names.has(name)), ...given];
}
