// What a run gives before any statistics: samples in the order in which they were taken.

/** How many requests a burst has, and how many of its first times are dropped: their caches are cold. */
export interface BurstShape {
  readonly requests: number;
  readonly dropped: number;
}

/** The shape of bursts, where nothing else was asked for. */
export const WARM_BURST: BurstShape = { requests: 20, dropped: 5 };
/** Each request finds the caches as the other listeners' requests have left them. */
export const COLD_BURST: BurstShape = { requests: 1, dropped: 0 };

/** How many requests of a burst count. */
export function keptOf(burst: BurstShape): number {
  return burst.requests - burst.dropped;
}

/** The names of the two listeners that have no filter. */
export const BASE = "base";
export const CONTROL = "control";

/** Slices in which as many requests were sent as went through; one entry a slice. */
export interface ThroughputSamples {
  readonly requestsPerSecond: Float64Array;
  /** Nanoseconds of the workers' CPU time per request; null without a meter. */
  readonly cpu: Float64Array | null;
  /** The part of the slice's time that the workers were on a CPU; null without a meter. */
  readonly busy: Float64Array | null;
}

/** One listener's samples. Entry `round * kept + i` is the i-th request that counts of a round. */
export interface ListenerSamples {
  readonly name: string;
  /** Nanoseconds in the proxy; see AccessLog. */
  readonly total: Float64Array;
  readonly headers: Float64Array;
  readonly body: Float64Array;
  /** With an upstream behind; NaN for requests that did not reach it. */
  readonly requestSide: Float64Array;
  readonly responseSide: Float64Array;
  /** Nanoseconds of the workers' CPU time per request of the whole burst, one entry a round; null without a meter. */
  readonly cpu: Float64Array | null;
  /** Nanoseconds as the client sees it, by rate. */
  readonly client: readonly Float64Array[];
  readonly throughput: ThroughputSamples;
  /** Answers by status, all phases. */
  readonly statuses: ReadonlyMap<number, number>;
  /** How many lines its filter has logged. */
  readonly logLines: number;
}

/** How many rounds a start had in each phase. */
export interface PhaseRounds {
  readonly bursts: number;
  readonly sides: number;
  /** By rate. */
  readonly client: readonly number[];
  readonly throughput: number;
}

/** What one start of Envoy gave. */
export interface StartMeasurement {
  readonly rounds: PhaseRounds;
  /** When each round of bursts began, in milliseconds of performance.now(). */
  readonly times: readonly number[];
  readonly warmUpRequests: number;
  readonly rates: readonly number[];
  /** base, control, and the filters in the order of the plan. */
  readonly listeners: readonly ListenerSamples[];
}

/** All listeners' samples of one run, over all starts. */
export interface Measurement {
  /** The shape of a round's burst on all connections together. */
  readonly burst: BurstShape;
  /** Of each start. */
  readonly rounds: readonly PhaseRounds[];
  readonly times: readonly number[];
  /** The fixed rates, requests a second. */
  readonly rates: readonly number[];
  readonly connections: number;
  /** Requests to each listener before the rounds of a start. */
  readonly warmUpRequests: number;
  readonly base: ListenerSamples;
  readonly control: ListenerSamples;
  /** In the order of the plan. */
  readonly filters: readonly ListenerSamples[];
}

/** All rounds of bursts. */
export function burstRounds(measurement: Measurement): number {
  return measurement.rounds.reduce((sum, { bursts }) => sum + bursts, 0);
}

/** Puts the starts of a run behind one another. There is at least one. */
export function mergeStarts(
  starts: readonly StartMeasurement[],
  burst: BurstShape,
  connections: number,
): Measurement {
  const first = starts[0];
  if (first === undefined) throw new Error("a run without a start");
  const [base, control, ...filters] = first.listeners.map((_, i) =>
    mergeListener(starts.flatMap(({ listeners }) => listeners[i] ?? [])),
  );
  if (base === undefined || control === undefined) throw new Error("a run without base");
  return {
    burst,
    connections,
    rounds: starts.map(({ rounds }) => rounds),
    times: starts.flatMap(({ times }) => times),
    rates: first.rates,
    warmUpRequests: first.warmUpRequests,
    base,
    control,
    filters,
  };
}

function mergeListener(parts: readonly ListenerSamples[]): ListenerSamples {
  const join = (of: (part: ListenerSamples) => Float64Array): Float64Array => joined(parts.map(of));
  const joinMetered = (of: (part: ListenerSamples) => Float64Array | null): Float64Array | null => {
    const all = parts.map(of).filter((one) => one !== null);
    return all.length === parts.length ? joined(all) : null;
  };
  const statuses = new Map<number, number>();
  for (const [status, answers] of parts.flatMap((part) => [...part.statuses])) {
    statuses.set(status, (statuses.get(status) ?? 0) + answers);
  }
  return {
    name: parts[0]?.name ?? "",
    total: join(({ total }) => total),
    headers: join(({ headers }) => headers),
    body: join(({ body }) => body),
    requestSide: join(({ requestSide }) => requestSide),
    responseSide: join(({ responseSide }) => responseSide),
    cpu: joinMetered(({ cpu }) => cpu),
    client: (parts[0]?.client ?? []).map((_, rate) =>
      join(({ client }) => client[rate] ?? new Float64Array()),
    ),
    throughput: {
      requestsPerSecond: join(({ throughput }) => throughput.requestsPerSecond),
      cpu: joinMetered(({ throughput }) => throughput.cpu),
      busy: joinMetered(({ throughput }) => throughput.busy),
    },
    statuses,
    logLines: parts.reduce((sum, { logLines }) => sum + logLines, 0),
  };
}

function joined(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
