// The machine-readable report of `as-proxy-wasm bench --json`: the contract with the scripts that
// read it. Within one schema number fields are only added, never changed in meaning or removed.
//
// How it is measured. Envoy is started several times, each time with one worker thread, a listener
// for each filter, and two without a filter: `base`, and `control` (A/A), which shows what the method
// makes of no difference at all. Envoy answers every request itself (direct_response). Each round
// sends a burst of requests over one keep-alive connection to each of the listeners, in a fresh
// random order; the first quarter of a burst's times is dropped. What a filter adds in one start is
// the median over the rounds of the difference between the medians of its burst and of base's; what
// it adds is the mean over the starts. Where a start puts code and data in memory moves a filter's
// cost by a tenth of a microsecond, which no number of rounds in one process can tell: so intervals
// are bootstrap intervals that resample whole starts (docs/measuring.md has how they were tested).
// Where there are too few starts for that, they resample stretches of consecutive rounds and speak
// for these processes only; `method.blocks` says which.
//
// Two meters look at the same requests. Time is Envoy's own, from the access log: from the first
// byte of the request received to the last byte of the response sent. CPU is the worker thread's,
// from the kernel's scheduler, per request of the whole burst; unlike time it includes what happens
// after the last byte. Phases of their own then send requests through to an upstream (which splits
// the time into the request's and the response's side), at fixed rates (latency as a client sees
// it, from the time at which a request should have been sent), and as fast as they go. Memory and
// loading come from other, short-lived Envoys.
//
// One figure was declared to carry the verdict: `added.timeNs` (and, between filters,
// `versusBaseline`). All other figures are exploratory: of many intervals some miss by chance.
//
// All numbers are finite or null. Times are in nanoseconds. Added means: compared with `base`.
import type {
  BudgetResult,
  BurstSeries,
  Difference,
  Estimate,
  Histogram,
  LoadReport,
  QuantileDifference,
  QuantileEstimate,
  RateReport,
  RequestCounts,
  SweepReport,
  ThroughputReport,
  TimeLine,
  Verdict,
} from "./report-parts.ts";

/** One listener by itself: not comparable between runs or machines. */
export interface ListenerReport {
  readonly name: string;
  /** Answers by status, of all the requests that were sent to it, warm-up included. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Quantiles over single requests: time in the proxy. */
  readonly timeP50Ns: number | null;
  readonly timeP99Ns: number | null;
  /** The median over the rounds of the worker's CPU time per request. */
  readonly cpuNs: number | null;
  /** Quantiles over single requests at the fixed rate, from the intended time of sending. */
  readonly clientP50Ns: number | null;
  readonly clientP99Ns: number | null;
  /** Quantiles over single requests with their intervals: time in the proxy. */
  readonly quantiles: readonly QuantileEstimate[];
  readonly histogram: Histogram;
  readonly series: BurstSeries;
  /** One entry for each of `method.rates`. */
  readonly rates: readonly RateReport[];
  readonly throughput: ThroughputReport | null;
}

/** One value for each way to look at a request. */
export interface Meters<Value> {
  /** Time in the proxy, from the first byte received to the last byte sent: medians. */
  readonly timeNs: Value;
  /**
   * The part from the last byte of the request to the first byte of the response: all work on the
   * headers of both. (There is no upstream between them that would split it.)
   */
  readonly headersTimeNs: Value;
  /** The part from the first to the last byte of the response: work on its body and trailers. */
  readonly bodyTimeNs: Value;
  /**
   * With an upstream behind: from the first byte of the request received to the first sent on, and
   * from the first byte of the response received to the last sent back. Null for filters that answer
   * themselves.
   */
  readonly requestTimeNs: Value;
  readonly responseTimeNs: Value;
  /** Time in the proxy: 99th percentiles over single requests. */
  readonly timeP99Ns: Value;
  /** CPU time of the worker thread per request. Linux only. */
  readonly cpuNs: Value;
  /** Latency at the fixed rate as the client sees it: medians. */
  readonly clientNs: Value;
  /** The same: 99th percentiles over single requests. */
  readonly clientP99Ns: Value;
}

/** A listener compared with `base`. */
export interface ComparedReport extends ListenerReport {
  readonly added: Meters<Difference>;
  /** Differences of quantiles over single requests: time in the proxy. */
  readonly addedQuantiles: readonly QuantileDifference[];
}

/** One filter. */
export interface FilterReport extends ComparedReport {
  readonly module: {
    /** As it was named on the command line. */
    readonly argument: string;
    readonly bytes: number;
    /** Of the file. */
    readonly sha256: string;
    /** The linear memory that the module asks for at its start, in pages of 64 KiB. */
    readonly initialMemoryPages: number | null;
  };
  readonly verdict: Verdict;
  /** Added time minus that of the filter `method.baseline`; null for that filter itself. */
  readonly versusBaseline: Difference | null;
  readonly baselineVerdict: Verdict | null;
  /** Divided by the same of the filter `method.baseline`; null for that filter itself. */
  readonly timeRatio: Estimate | null;
  readonly cpuRatio: Estimate | null;
  /** Resident memory that one more VM of the module costs, before traffic (`method.memory`). */
  readonly memoryPerVmBytes: number | null;
  /** Time to load the module once: compile, instantiate, start and configure (`method.load`). */
  readonly loadTimeNs: Estimate;
  /** Null when the in-process host cannot run the module; a note says why. */
  readonly counts: RequestCounts | null;
}

/** The whole report. */
export interface BenchReport {
  readonly schema: 1;
  readonly kind: "filters";
  readonly tool: { readonly name: "as-proxy-wasm"; readonly version: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** All of it: start of Envoy, warm-up, each phase. */
  readonly durationSeconds: number;
  /** Null for a whole run; else why it ended early. The report then has what came before that. */
  readonly endedEarly: string | null;
  readonly environment: {
    readonly envoyVersion: string;
    /** Where Envoy was found. */
    readonly envoySource: string;
    readonly nodeVersion: string;
    /** Operating system and architecture as Node names them, for example `linux-x64`. */
    readonly platform: string;
    readonly cpuModel: string;
    readonly cores: number;
    /** The operating system's kernel, for example `Linux 6.1.0`. */
    readonly kernel: string;
    readonly memoryBytes: number;
    /** Processes that were ready to run a minute before the end, on average: above cores is busy. */
    readonly loadAverage: number;
    /** Envoy's worker threads. */
    readonly workers: number;
  };
  readonly method: {
    readonly seed: number;
    /** The arguments of the command line; values of headers and configurations are left out. */
    readonly flags: readonly string[];
    /** How often Envoy was started, and the rounds of all starts. */
    readonly starts: number;
    readonly rounds: number;
    /** `cold`: a burst is one request, so that each finds what the others left in the caches. */
    readonly caches: "warm" | "cold";
    /** What the intervals resample. */
    readonly blocks: "starts" | "stretches";
    readonly blockCount: number;
    /** Requests in a burst, and how many of them are dropped at its beginning. */
    readonly burstRequests: number;
    readonly burstDropped: number;
    /** Requests to each listener: before the rounds, and those in the rounds that count. */
    readonly warmUpRequests: number;
    readonly measuredRequests: number;
    /** What was sent. Values of headers are left out: they may be secret. */
    readonly request: {
      readonly path: string;
      readonly headerNames: readonly string[];
      readonly bytes: number;
      readonly bodyBytes: number;
      readonly responseBodyBytes: number;
      readonly protocol: "http1" | "http2";
      readonly tls: boolean;
    };
    /** All the fixed rates, requests a second. */
    readonly rates: readonly number[];
    /** The first fixed rate's phase: requests a second, its rounds, requests that count a listener. */
    readonly clientRatePerSecond: number;
    readonly clientRounds: number;
    readonly clientMeasuredRequests: number;
    readonly memory: string;
    readonly load: string;
    readonly confidence: number;
    readonly bootstrapResamples: number;
    /** The name of the filter that ratios are to. */
    readonly baseline: string;
  };
  /** What is no difference at all can look like this: the far end of the control's interval. */
  readonly noiseFloor: Meters<number | null>;
  readonly base: ListenerReport;
  readonly control: ComparedReport;
  /** In the order in which they were given. */
  readonly filters: readonly FilterReport[];
  readonly timeLine: TimeLine;
  readonly sweeps: readonly SweepReport[];
  readonly budgets: readonly BudgetResult[];
  readonly loads: readonly LoadReport[];
  /** What a reader should know before trusting the numbers, as sentences. */
  readonly notes: readonly string[];
}
