// The command line of `bench`, checked and with its defaults.
import type { Arguments } from "../../sdk/cli/command.ts";
import { ToolError } from "../../sdk/errors.ts";
import { filterArguments, numberFlag, type FilterArgument } from "../cli/flags.ts";
import { readBudgets, type Budget } from "./budget-options.ts";
import { LOAD_TOOLS, type LoadTool } from "./load-tools.ts";
import { COLD_BURST, WARM_BURST, type BurstShape } from "./measurement.ts";
import type { Lengths } from "./plan.ts";
import { sweepFlags, type Sweep } from "./sweep-options.ts";
import { trafficFlags } from "./traffic-options.ts";
import type { Traffic } from "./traffic.ts";

/** What the user wants measured, and how. */
export interface BenchOptions {
  readonly filters: readonly LabelledFilter[];
  /** The name of the filter that ratios are to; undefined: the first. */
  readonly baseline: string | undefined;
  readonly traffic: Traffic;
  readonly burst: BurstShape;
  readonly seed: number;
  readonly starts: number;
  readonly lengths: Lengths;
  /** Requests a second at the fixed rates; empty: chosen. */
  readonly rates: readonly number[];
  readonly sweeps: readonly Sweep[];
  readonly budgets: readonly Budget[];
  readonly load: LoadTool | null;
  readonly envoy: string | undefined;
  readonly outputs: Outputs;
  /** For the report: the flags as given, without values that may be secret. */
  readonly flags: readonly string[];
}

/** Where reports go: a file, `-` for standard output (JSON only), undefined for nowhere. */
export interface Outputs {
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly junit: string | undefined;
  readonly html: string | undefined;
}

/** A filter with the name that the user gave it, if any. */
export interface LabelledFilter extends FilterArgument {
  readonly label: string | null;
  /** Whether it came by --compare: then it has the configuration of the first filter. */
  readonly compared: boolean;
}

/**
 * Seconds of measuring, start and warm-up not counted; and starts of Envoy. What makes an interval
 * narrow is starts: so many that it is 0.2 us wide for a filter that differs by 0.16 us from one start
 * to the next. A run of one filter takes 40 s, a quick one 11 s.
 */
const USUAL = { seconds: 25, starts: 14 };
const QUICK = { seconds: 3, starts: 6 };
/** The parts of the seconds that the phases get. */
const PARTS = { bursts: 0.6, sides: 0.1, client: 0.2, throughput: 0.1 };
/** Of so many rounds of bursts one is made in each of the other phases. */
const ROUNDS_PER_OTHER_ROUND = 10;
/** With fewer rounds in a start its median says little. */
const ROUNDS_PER_START = 20;

/** Flags whose values may be secret. */
const SECRET = ["config", "header"];

/** Reads the command line. Fails with ERR_USAGE, and for files with what readBudgets fails with. */
export async function benchOptions(args: Arguments): Promise<BenchOptions> {
  const load = args.text("load");
  const tool = LOAD_TOOLS.find((name) => name === load);
  if (load !== undefined && tool === undefined) {
    throw new ToolError("ERR_USAGE", `--load wants one of ${LOAD_TOOLS.join(", ")}, not ${load}`);
  }
  return {
    filters: [...filterArguments(args).map(labelled), ...args.all("compare").map(compared)],
    baseline: args.text("baseline"),
    traffic: trafficFlags(args),
    burst: args.has("cold") ? COLD_BURST : WARM_BURST,
    seed: numberFlag(args, "seed", 0, 999_999_999, 1),
    ...lengthFlags(args),
    rates: rateFlags(args),
    sweeps: sweepFlags(args.all("sweep")),
    budgets: await readBudgets(args.all("budget")),
    load: tool ?? null,
    envoy: args.text("envoy"),
    outputs: outputFlags(args),
    flags: shownFlags(args),
  };
}

/** `NAME=FILTER` names a filter, so that two builds of one can be told apart. */
function labelled(given: FilterArgument): LabelledFilter {
  const found = /^([\w.-]+)=(.+)$/.exec(given.filter);
  if (found === null) return { ...given, label: null, compared: false };
  return { ...given, label: found[1] ?? null, filter: found[2] ?? "", compared: false };
}

function compared(filter: string): LabelledFilter {
  return { ...labelled({ filter, config: null }), compared: true };
}

/** How long to measure. */
export function lengthFlags(args: Arguments): Pick<BenchOptions, "starts" | "lengths"> {
  const given = ["seconds", "rounds", "quick"].filter((flag) => args.has(flag));
  if (given.length > 1) {
    throw new ToolError("ERR_USAGE", `--${given.join(" and --")} exclude each other`, {
      hint: "say in one way how long to measure",
    });
  }
  const otherwise = args.has("quick") ? QUICK : USUAL;
  if (args.has("rounds")) {
    const rounds = numberFlag(args, "rounds", 1, 1_000_000, 1);
    const enough = Math.max(1, Math.min(otherwise.starts, Math.floor(rounds / ROUNDS_PER_START)));
    const starts = numberFlag(args, "starts", 1, 100, enough);
    const other = { rounds: Math.ceil(rounds / ROUNDS_PER_OTHER_ROUND), seconds: Infinity };
    const bursts = { rounds, seconds: Infinity };
    return { starts, lengths: { bursts, sides: other, client: other, throughput: other } };
  }
  const seconds = numberFlag(args, "seconds", 1, 86_400, otherwise.seconds);
  const part = (of: number) => ({ rounds: Infinity, seconds: seconds * of });
  return {
    starts: numberFlag(args, "starts", 1, 100, otherwise.starts),
    lengths: {
      bursts: part(PARTS.bursts),
      sides: part(PARTS.sides),
      client: part(PARTS.client),
      throughput: part(PARTS.throughput),
    },
  };
}

/** The fixed rates: one or several, with commas in between. */
export function rateFlags(args: Arguments): readonly number[] {
  const text = args.text("rate");
  if (text === undefined) return [];
  const rates = text.split(",").map((one) => (/^\d{1,5}$/.test(one.trim()) ? Number(one) : 0));
  if (rates.some((rate) => rate < 1 || rate > 50_000) || rates.length > 8) {
    throw new ToolError(
      "ERR_USAGE",
      `--rate wants up to 8 numbers from 1 to 50000, with commas in between, not ${text}`,
    );
  }
  return rates;
}

/** The forms that a report has, by their flags. */
export const OUTPUT_FORMATS = ["json", "markdown", "junit", "html"] as const;

/** Where the reports go. */
export function outputFlags(args: Arguments): Outputs {
  const [json, markdown, junit, html] = OUTPUT_FORMATS.map((flag) => args.text(flag));
  for (const [flag, value] of Object.entries({ json, markdown, junit, html })) {
    if (value === "") throw new ToolError("ERR_USAGE", `--${flag} wants the name of a file`);
    if (value === "-" && flag !== "json") {
      throw new ToolError("ERR_USAGE", `--${flag} wants the name of a file, not -`, {
        hint: "only --json - prints to standard output",
      });
    }
  }
  const named = [json, markdown, junit, html].filter((file) => file !== undefined && file !== "-");
  if (new Set(named).size < named.length) {
    throw new ToolError(
      "ERR_USAGE",
      "two of --json, --markdown, --junit and --html name the same file",
    );
  }
  return { json, markdown, junit, html };
}

/** The command line as it was given; values that may be secret are left out. */
export function shownFlags(args: Arguments): readonly string[] {
  return args.tokens.map(({ flag, value }) => {
    if (flag === null) return value;
    if (SECRET.includes(flag)) return `--${flag} ...`;
    // A query may be secret, too.
    const shown = flag.endsWith("-url") ? value.replace(/\?.*/, "?...") : value;
    return `--${flag}${shown === "" ? "" : ` ${shown}`}`;
  });
}
