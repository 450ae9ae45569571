// The flags that `run` and `dev` have in common.
import type { Arguments, Flag } from "../../sdk/cli/command.ts";
import { wordFlag } from "../../sdk/cli/word-flag.ts";
import { ENVOY_HELP } from "../envoy/envoy-flag.ts";
import { LOG_LEVELS } from "../envoy/log-level.ts";
import { UPSTREAM } from "../traffic-options.ts";
import type { TrafficOptions } from "../traffic-options.ts";
import { clusterFlags, numberFlag, upstreamFlag } from "./flags.ts";

export const TRAFFIC_FLAGS = {
  upstream: {
    type: "string",
    value: "URL",
    help: "what answers, as http://host:port (default: a built-in echo)",
  },
  cluster: {
    type: "string",
    multiple: true,
    value: "NAME=HOST:PORT",
    help: "another service that a filter calls",
  },
  port: {
    type: "string",
    short: "p",
    value: "N",
    help: "the port that Envoy listens on (default: a free one)",
  },
  envoy: { type: "string", value: "ENVOY", help: ENVOY_HELP },
  "log-level": {
    type: "string",
    value: "LEVEL",
    help: `the least level of what filters log: ${LOG_LEVELS.join(", ")} (default: info)`,
  },
  concurrency: {
    type: "string",
    value: "N",
    help: "the number of Envoy's worker threads (default: 1)",
  },
} satisfies Record<string, Flag>;

/** Reads `TRAFFIC_FLAGS`; fails with ERR_USAGE at the first value that is out of its range. */
export function readTrafficOptions(args: Arguments): TrafficOptions {
  const upstream = args.text("upstream");
  return {
    upstream: upstream === undefined ? null : upstreamFlag(upstream, UPSTREAM),
    clusters: clusterFlags(args.all("cluster"), UPSTREAM),
    port: numberFlag(args, "port", 0, 65_535, 0),
    envoy: args.text("envoy"),
    logLevel: wordFlag(args, "log-level", LOG_LEVELS, "info"),
    concurrency: numberFlag(args, "concurrency", 1, 1024, 1),
  };
}
