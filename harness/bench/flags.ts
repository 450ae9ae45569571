// The flags of `bench`, with their lines of help.
import type { Flag } from "../../sdk/cli/command.ts";
import { ENVOY_HELP } from "../envoy/envoy-flag.ts";
import { LOAD_TOOLS } from "./load-tools.ts";

const text = (value: string, help: string): Flag => ({ type: "string", value, help });
const list = (value: string, help: string): Flag => ({ ...text(value, help), multiple: true });
const yes = (help: string): Flag => ({ type: "boolean", help });

export const BENCH_FLAGS: Readonly<Record<string, Flag>> = {
  config: list("JSON-or-file", "the configuration of the filter before it"),
  compare: list("FILTER", "another module beside the first filter, or git:REF for an older source"),
  baseline: text("NAME", "the filter that the others are compared with (default: the first)"),
  header: list("'NAME: VALUE'", "a header of the requests that are sent"),
  path: text("PATH", "the path of the requests (default: /)"),
  "sample-headers": text("N", "how many further headers requests have (default: 8)"),
  body: text("BYTES", "the size of the requests' bodies (default: 0, and GET)"),
  "response-body": text("BYTES", "the size of the responses' bodies (default: 2)"),
  http2: yes("speak HTTP/2 to Envoy"),
  tls: yes("speak TLS to Envoy"),
  connections: text("N", "connections that carry each burst at once (default: 1)"),
  workers: text("N", "Envoy's worker threads (default: 1)"),
  cold: yes("one request a burst, so that each finds cold caches"),
  seconds: text("N", "how long to measure (default: 25)"),
  rounds: text("N", "how many rounds of bursts instead"),
  starts: text("N", "how often to start Envoy anew (default: 14; --quick: 6)"),
  quick: yes("measure for 3 seconds: wider intervals"),
  rate: text(
    "N,N...",
    "requests a second for the client's latency (default: up to 2000, as filters allow)",
  ),
  sweep: list("WHAT=N,N...", "measure again at each value, for example headers=1,10,50"),
  budget: list(
    "NAME=N,...-or-file",
    "fail when a figure is beyond its limit, for example host_calls=4",
  ),
  "baseline-url": text("URL", "measure an address that runs already..."),
  "candidate-url": text("URL", "...against this one"),
  load: text("TOOL", `also load each listener with ${LOAD_TOOLS.join(", ")}`),
  seed: text("N", "for the order of the bursts and the intervals (default: 1)"),
  json: text("FILE", "write the report as JSON; - prints it instead"),
  markdown: text("FILE", "write the report as Markdown, for a comment on a change"),
  junit: text("FILE", "write what became of the budgets as JUnit XML"),
  html: text(
    "FILE",
    "write the report as a page: figures, distributions, time lines; works offline",
  ),
  envoy: text("ENVOY", ENVOY_HELP),
};

export const BENCH_EXAMPLES: readonly (readonly [commandLine: string, what: string])[] = [
  ["as-proxy-wasm bench noop hello", "two examples against no filter, and against each other"],
  [
    "as-proxy-wasm bench old=v1.wasm new=v2.wasm --json bench.json",
    "two builds of a filter, with a report for scripts",
  ],
  [
    "as-proxy-wasm bench api-key --config keys.json --header 'x-api-key: secret'",
    "a filter that wants something of the request",
  ],
  [
    "as-proxy-wasm bench ./my-filter --compare git:main --budget added_vs_noop=3,host_calls=4",
    "a change against what it changes, with limits for CI",
  ],
];
