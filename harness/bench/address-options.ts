// The command line of a comparison of two addresses that run already.
import type { Arguments } from "../../sdk/cli/command.ts";
import { ToolError } from "../../sdk/errors.ts";
import { numberFlag } from "../cli/flags.ts";
import { lengthFlags, outputFlags, rateFlags, shownFlags, type Outputs } from "./options.ts";
import type { Length } from "./plan.ts";
import type { BenchRequest, Wire } from "./request.ts";
import { trafficFlags } from "./traffic-options.ts";
import type { Address } from "./transport.ts";

/** One of the two. */
export interface Target {
  /** As it is named in messages and reports. */
  readonly url: string;
  readonly address: Address;
  readonly wire: Wire;
  readonly request: BenchRequest;
}

/** What to compare, and for how long. */
export interface AddressOptions {
  readonly baseline: Target;
  readonly candidate: Target;
  readonly seed: number;
  /** How often to connect anew. */
  readonly starts: number;
  readonly bursts: Length;
  readonly client: Length;
  readonly rates: readonly number[];
  readonly outputs: Outputs;
  readonly flags: readonly string[];
}

/** Flags that speak of filters or of an Envoy of ours. */
const OTHERS = [
  ...["config", "compare", "baseline", "path", "response-body", "tls", "connections", "workers"],
  ...["cold", "sweep", "budget", "load", "junit", "envoy"],
];

/** Whether the command line asks for addresses to be compared. */
export function asksForAddresses(args: Arguments): boolean {
  return args.has("baseline-url") || args.has("candidate-url");
}

/** Reads the command line. Fails with ERR_USAGE. */
export function addressOptions(args: Arguments): AddressOptions {
  const [baseline, candidate] = [args.text("baseline-url"), args.text("candidate-url")];
  if (baseline === undefined || candidate === undefined) {
    throw new ToolError("ERR_USAGE", "--baseline-url and --candidate-url go together");
  }
  const other = OTHERS.find((flag) => args.has(flag));
  const filter = args.positionals[0];
  if (other !== undefined || filter !== undefined) {
    const what = other === undefined ? (filter ?? "") : `--${other}`;
    throw new ToolError("ERR_USAGE", `${what} does not go with --baseline-url`, {
      hint: "what runs at an address is not started, and so not set up, by this command",
    });
  }
  const { request, wire } = trafficFlags(args);
  const { starts, lengths } = lengthFlags(args);
  return {
    baseline: target("baseline-url", baseline, request, wire),
    candidate: target("candidate-url", candidate, request, wire),
    seed: numberFlag(args, "seed", 0, 999_999_999, 1),
    starts,
    bursts: lengths.bursts,
    client: lengths.client,
    rates: rateFlags(args),
    outputs: outputFlags(args),
    flags: shownFlags(args),
  };
}

function target(flag: string, text: string, request: BenchRequest, wire: Wire): Target {
  const url = URL.canParse(text) ? new URL(text) : null;
  const tls = url?.protocol === "https:";
  if (url === null || !(tls || url.protocol === "http:") || url.hostname === "") {
    throw new ToolError(
      "ERR_USAGE",
      `--${flag} wants http://host:port/path or https://, not ${text}`,
    );
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    throw new ToolError("ERR_USAGE", `--${flag} wants a URL without a user and without #...`, {
      hint: "send what identifies you by --header 'authorization: ...'",
    });
  }
  const named = request.headers.some(([name]) => name.toLowerCase() === "host");
  return {
    url: `${url.origin}${url.pathname}`,
    address: {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? (tls ? 443 : 80) : Number(url.port),
    },
    wire: { ...wire, tls },
    request: {
      ...request,
      path: `${url.pathname}${url.search}`,
      headers: named ? request.headers : [["host", url.host], ...request.headers],
    },
  };
}
