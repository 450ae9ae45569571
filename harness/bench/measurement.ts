// What a run gives before any statistics: samples in the order in which they were taken.

/** Of the times of a burst the first are dropped: caches are cold from the other listeners. */
export const BURST = { requests: 20, dropped: 5 } as const;
/** How many requests of a burst count. */
export const KEPT = BURST.requests - BURST.dropped;

/** The names of the two listeners that have no filter. */
export const BASE = "base";
export const CONTROL = "control";

/** One listener's samples. Entry `round * KEPT + i` is the i-th request that counts of a round. */
export interface ListenerSamples {
  readonly name: string;
  /** Nanoseconds in the proxy; see AccessLog. */
  readonly total: Float64Array;
  readonly headers: Float64Array;
  readonly body: Float64Array;
  /** Nanoseconds of the worker's CPU time per request of the whole burst, one entry a round; null without a meter. */
  readonly cpu: Float64Array | null;
  /** Nanoseconds as the client sees it at the fixed rate. */
  readonly client: Float64Array;
  /** Answers by status, all phases. */
  readonly statuses: ReadonlyMap<number, number>;
  /** How many lines its filter has logged. */
  readonly logLines: number;
}

/** All listeners' samples of one run. */
export interface Measurement {
  readonly rounds: number;
  readonly clientRounds: number;
  readonly clientRatePerSecond: number;
  /** Requests to each listener before the rounds. */
  readonly warmUpRequests: number;
  readonly base: ListenerSamples;
  readonly control: ListenerSamples;
  /** In the order of the plan. */
  readonly filters: readonly ListenerSamples[];
}
