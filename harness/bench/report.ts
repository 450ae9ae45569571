// The machine-readable report of `as-proxy-wasm bench --json`: the contract with the scripts that
// read it. Within one schema number fields are only added, never changed in meaning or removed.
//
// How it is measured. One Envoy with one worker thread serves a listener for each filter and two
// without a filter: `base`, and `control` (A/A), which shows what the method makes of no difference
// at all. Envoy answers every request itself (direct_response). Each round sends a burst of requests
// over one keep-alive connection to each of the listeners, in a fresh random order; the first
// quarter of a burst's times is dropped. What a filter adds is the median over the rounds of the
// difference between the medians of its burst and of base's burst. Intervals are block-bootstrap
// percentile intervals: stretches of consecutive rounds are resampled. They speak for this one
// Envoy: where a start puts code and data in memory moves a filter's cost by some hundredths of a
// microsecond to about a tenth, which no number of rounds can tell.
//
// Two meters look at the same requests. Time is Envoy's own, from the access log: from the first
// byte of the request received to the last byte of the response sent. CPU is the worker thread's,
// from the kernel's scheduler, per request of the whole burst; unlike time it includes what happens
// after the last byte. A phase of its own then sends requests at a fixed rate, listener by listener
// in short slices, and takes the latency that a client sees from the time at which a request should
// have been sent. Memory comes from other, short-lived Envoys.
//
// All numbers are finite or null. Times are in nanoseconds. Added means: compared with `base`.

/** A value with its interval; null where it cannot be told (too few rounds, no such meter). */
export interface Estimate {
  readonly value: number | null;
  /** The ends of the interval (`method.confidence`). */
  readonly low: number | null;
  readonly high: number | null;
}

/** What a filter adds. */
export interface Difference extends Estimate {
  /**
   * False when the interval covers 0, when the value is within the A/A control's noise
   * (`noiseFloor`), or when there is no interval: then read nothing into the value.
   */
  readonly resolvable: boolean;
}

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
  /** Divided by the same of the filter `method.baseline`; null for that filter itself. */
  readonly timeRatio: Estimate | null;
  readonly cpuRatio: Estimate | null;
  /** Resident memory that one more VM of the module costs, before traffic (`method.memory`). */
  readonly memoryPerVmBytes: number | null;
}

/** The whole report. */
export interface BenchReport {
  readonly schema: 1;
  readonly tool: { readonly name: "as-proxy-wasm"; readonly version: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** All of it: start of Envoy, warm-up, each phase. */
  readonly durationSeconds: number;
  readonly environment: {
    readonly envoyVersion: string;
    /** Where Envoy was found. */
    readonly envoySource: string;
    readonly nodeVersion: string;
    /** Operating system and architecture as Node names them, for example `linux-x64`. */
    readonly platform: string;
    readonly cpuModel: string;
    readonly cores: number;
    /** Envoy's worker threads. */
    readonly workers: 1;
  };
  readonly method: {
    readonly seed: number;
    readonly rounds: number;
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
    };
    /** The fixed rate's phase: requests a second, its rounds, requests that count a listener. */
    readonly clientRatePerSecond: number;
    readonly clientRounds: number;
    readonly clientMeasuredRequests: number;
    readonly memory: string;
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
  /** What a reader should know before trusting the numbers, as sentences. */
  readonly notes: readonly string[];
}
