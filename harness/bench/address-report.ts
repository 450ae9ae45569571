// The machine-readable report of two addresses that run already. Its parts are those of the report
// on filters (report.ts), but there is one meter only: time is what the client sees, from the sending
// of a request to its whole answer, in bursts one request after another; `rates` have the latency at
// fixed rates. Instead of Envoys, connections are made anew: blocks are connections.
import type { TimeLine, Verdict } from "./report-parts.ts";
import type { ComparedReport, ListenerReport } from "./report.ts";

/** The report. Fields of Envoy's own meters are null. */
export interface AddressReport {
  readonly schema: 1;
  readonly kind: "addresses";
  readonly tool: { readonly name: "as-proxy-wasm"; readonly version: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  /** Null for a whole run; else why it ended early. */
  readonly endedEarly: string | null;
  readonly environment: {
    readonly nodeVersion: string;
    readonly platform: string;
    readonly kernel: string;
    readonly cpuModel: string;
    readonly cores: number;
  };
  readonly method: {
    readonly seed: number;
    readonly flags: readonly string[];
    /** How often the connections were made anew, and the rounds of bursts in all. */
    readonly starts: number;
    readonly rounds: number;
    readonly blocks: "starts" | "stretches";
    readonly rates: readonly number[];
    readonly confidence: number;
  };
  readonly baselineUrl: string;
  readonly candidateUrl: string;
  readonly baseline: ListenerReport;
  /** A second connection to the baseline: what no difference looks like. */
  readonly control: ComparedReport;
  readonly candidate: ComparedReport;
  readonly verdict: Verdict;
  readonly timeLine: TimeLine;
  readonly notes: readonly string[];
}
