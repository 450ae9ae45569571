// The parts that the reports of `bench` are made of. All numbers are finite or null, all times in
// nanoseconds unless the name says otherwise.

/** A value with its interval; null where it cannot be told (too few rounds, no such meter). */
export interface Estimate {
  readonly value: number | null;
  /** The ends of the interval (`method.confidence`). */
  readonly low: number | null;
  readonly high: number | null;
}

/** How much more (or, below 0, less) something takes than what it is compared with. */
export interface Difference extends Estimate {
  /**
   * False when the interval covers 0, when the value is within the A/A control's noise
   * (`noiseFloor`), or when there is no interval: then read nothing into the value.
   */
  readonly resolvable: boolean;
}

/** A quantile of one listener's single requests. Only those are listed that the sample supports. */
export interface QuantileEstimate extends Estimate {
  /** 0.5, 0.9, 0.99 or 0.999. */
  readonly probability: number;
}

/** How much a quantile over single requests differs from base's. */
export interface QuantileDifference extends Difference {
  readonly probability: number;
}

/**
 * How often values fell between two edges: `counts[i]` of them from `edges[i]` to below `edges[i + 1]`.
 * The same edges for all listeners of a report, evenly spaced on a logarithmic scale; the first and
 * the last bucket hold what lies beyond them too.
 */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** What a listener's bursts took, one entry a round (see `timeLine`): shows drift and collections. */
export interface BurstSeries {
  /** The median and the highest time in the proxy in the burst. */
  readonly timeNs: readonly number[];
  readonly timeMaxNs: readonly number[];
  /** CPU time of the worker thread per request. */
  readonly cpuNs: readonly number[] | null;
}

/** When the rounds were. */
export interface TimeLine {
  /** When each round began, in seconds from the first. */
  readonly atSeconds: readonly number[];
  /** The first round of each start of Envoy. */
  readonly starts: readonly number[];
}

/** One fixed arrival rate, as the client sees it: from the intended time of sending. */
export interface RateReport {
  readonly perSecond: number;
  /** How many requests count. */
  readonly requests: number;
  readonly quantiles: readonly QuantileEstimate[];
  readonly histogram: Histogram;
  /** Compared with base at the same rate; empty for base itself. */
  readonly added: readonly QuantileDifference[];
}

/** As many requests as the connections carry, each with one outstanding. */
export interface ThroughputReport {
  readonly connections: number;
  readonly requestsPerSecond: Estimate;
  /** Compared with base: below 1 is slower. */
  readonly ratio: Estimate | null;
  /** The worker's CPU time per request under this load; null without a meter. */
  readonly cpuNs: Estimate | null;
  /** Which part of the time the worker was on a CPU: well below 1, and the client was the limit. */
  readonly workerBusy: number | null;
}

/** What the figure that decides says, in words and for scripts. */
export interface Verdict {
  /** The one declared figure; all others are exploratory. */
  readonly figure: "added.timeNs" | "versusBaseline";
  readonly outcome: "more" | "less" | "not-resolvable";
  /** A sentence. */
  readonly text: string;
}

/**
 * What one request makes the module do, counted exactly by the in-process host: the same on every
 * machine. An echo answers there, so callbacks for the response are in.
 */
export interface RequestCounts {
  readonly callbacks: number;
  readonly hostCalls: number;
  /** Calls of the module's allocator by the host. */
  readonly allocations: number;
  /** Bytes of names, values and bodies across the boundary. */
  readonly bytesToHost: number;
  readonly bytesToGuest: number;
  /** Host calls by name. */
  readonly byName: Readonly<Record<string, number>>;
}

/** One budget and what became of it. */
export interface BudgetResult {
  readonly filter: string;
  /** As it is written in --budget, for example `added_p50_us`. */
  readonly name: string;
  readonly limit: number;
  /** In the unit of the limit; a count has an interval without width. */
  readonly measured: Estimate;
  /** Exceeded only when the whole interval is beyond the limit; unresolved when a part of it is. */
  readonly outcome: "kept" | "exceeded" | "unresolved" | "not-measured";
  /** A sentence. */
  readonly text: string;
}

/** How the figures change with one dimension of the traffic. */
export interface SweepReport {
  readonly dimension: string;
  readonly points: readonly SweepPoint[];
}

/** One value of a sweep's dimension, all listeners in one run. */
export interface SweepPoint {
  readonly value: string;
  /** The median time in the proxy without a filter. */
  readonly baseTimeNs: number | null;
  /** The A/A control's added time: what no difference looks like here. */
  readonly controlTimeNs: Difference;
  readonly filters: readonly {
    readonly name: string;
    readonly timeNs: Difference;
    readonly cpuNs: Difference;
  }[];
}

/** What a load generator that was asked for said of one listener. */
export interface LoadReport {
  readonly tool: "wrk" | "h2load" | "fortio" | "k6";
  /** Its own words for its version. */
  readonly version: string;
  readonly listener: string;
  readonly connections: number;
  readonly seconds: number;
  /** What it was told to send a second; null: as much as goes. */
  readonly perSecond: number | null;
  readonly requestsPerSecond: number;
  readonly errors: number;
  /** Latency in nanoseconds by probability, as far as it tells. */
  readonly quantiles: readonly { readonly probability: number; readonly ns: number }[];
}
