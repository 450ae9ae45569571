// Data sets as a real run would give them, with a truth that is known: what the statistics of `bench`
// are tested on.
//
// The model. In a start, the differences between a listener's burst and base's, round by round, are
//
//   difference(start, round) = shift + start effect(start) + noise(start, round)
//
// The start effect is what putting code and data in memory does: one value a start. The noise is an
// autoregressive series: each value keeps parts of those before it. Its innovations are drawn from
// the quantiles of real ones, so that they have the long tails of a busy machine, with either sign
// equally likely: then the true median of the noise is 0 and the truth is the shift alone. Shape,
// autocorrelation and spread are taken from a real run (modelOf); the start effects are drawn from
// the real ones, centred, or from a normal distribution of their spread.
import { mergeStarts, WARM_BURST } from "../bench/measurement.ts";
import type { ListenerSamples, Measurement } from "../bench/measurement.ts";
import type { Random } from "../bench/random.ts";
import { median, quantileOf } from "../bench/statistics.ts";

/** What a listener's differences from base are like. Times in nanoseconds. */
export interface DifferenceModel {
  /** The standard deviation of the starts' medians beyond what the noise in them explains. */
  readonly startSpread: number;
  /** How much of each of the values before the noise keeps. */
  readonly kept: readonly number[];
  /** The autocorrelation at lags 1, 2, 5, 10 and 20, for people. */
  readonly autocorrelation: readonly number[];
  /** The absolute innovations at the probabilities 0, 1/40 ... 1. */
  readonly innovations: readonly number[];
}

const LAGS = [1, 2, 5, 10, 20];
/** So many values before are looked at. */
const ORDER = 5;
const INNOVATION_STEPS = 40;
/** Values that a series needs until it has forgotten how it began. */
const RUN_IN = 30;

/** Takes the model from the differences of a real run, one series a start. */
export function modelOf(series: readonly (readonly number[])[]): DifferenceModel {
  const medians = series.map((one) => median(one));
  const residuals = series.map((one, start) => one.map((value) => value - (medians[start] ?? 0)));
  // A disturbance a hundred times as long as the rest would be all that a covariance sees.
  const all = Float64Array.from(residuals.flat(), Math.abs).sort();
  const limit = quantileOf(all, 0.98);
  const tame = residuals.map((one) => one.map((v) => Math.max(-limit, Math.min(limit, v))));
  const covariance = (lag: number): number => {
    let sum = 0;
    for (const one of tame) {
      for (let i = lag; i < one.length; i++) sum += (one[i] ?? 0) * (one[i - lag] ?? 0);
    }
    return sum / tame.reduce((count, { length }) => count + length, 0);
  };
  const kept = yuleWalker(Array.from({ length: ORDER + 1 }, (_, lag) => covariance(lag)));
  const innovations = residuals.flatMap((one) =>
    one.slice(ORDER).map((value, i) => {
      const explained = kept.reduce(
        (sum, part, k) => sum + part * (one[i + ORDER - 1 - k] ?? 0),
        0,
      );
      return Math.abs(value - explained);
    }),
  );
  const sorted = Float64Array.from(innovations).sort();
  const mean = medians.reduce((sum, one) => sum + one, 0) / medians.length;
  const between =
    medians.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, medians.length - 1);
  return {
    startSpread: Math.sqrt(Math.max(0, between - medianVariance(residuals))),
    kept,
    autocorrelation: LAGS.map((lag) => covariance(lag) / covariance(0)),
    innovations: Array.from({ length: INNOVATION_STEPS + 1 }, (_, i) =>
      quantileOf(sorted, i / INNOVATION_STEPS),
    ),
  };
}

/** How much the median of a start's noise varies, from the height of its density in the middle. */
function medianVariance(residuals: readonly (readonly number[])[]): number {
  const all = Float64Array.from(residuals.flat()).sort();
  const width = quantileOf(all, 0.6) - quantileOf(all, 0.4);
  const rounds = all.length / residuals.length;
  return (width / 0.2) ** 2 / (4 * rounds);
}

/** Levinson's recursion: the parts of an autoregressive series with these autocovariances. */
function yuleWalker(covariances: readonly number[]): number[] {
  let parts: number[] = [];
  let variance = covariances[0] ?? 0;
  for (let order = 1; order < covariances.length && variance > 0; order++) {
    const explained = parts.reduce(
      (sum, part, k) => sum + part * (covariances[order - 1 - k] ?? 0),
      0,
    );
    const next = ((covariances[order] ?? 0) - explained) / variance;
    parts = [...parts.map((part, k) => part - next * (parts[order - 2 - k] ?? 0)), next];
    variance *= 1 - next ** 2;
  }
  return parts;
}

/** What to simulate. */
export interface Simulated {
  readonly model: DifferenceModel;
  /** The truth, in nanoseconds. */
  readonly shift: number;
  readonly starts: number;
  readonly roundsPerStart: number;
}

/** One data set: base and one filter, whose differences follow the model. */
export function simulate(simulated: Simulated, random: Random): Measurement {
  const { model, shift, starts, roundsPerStart } = simulated;
  const parts = Array.from({ length: starts }, () => {
    const middle = shift + model.startSpread * normal(random);
    const noise = series(model, roundsPerStart, random);
    const base = new Float64Array(roundsPerStart).fill(10_000);
    const other = noise.map((value) => 10_000 + middle + value);
    return {
      rounds: { bursts: roundsPerStart, sides: 0, client: [], throughput: 0 },
      times: Array.from(base, (_, round) => round),
      warmUpRequests: 0,
      rates: [],
      listeners: [samples("base", base), samples("control", base), samples("filter", other)],
    };
  });
  return mergeStarts(parts, WARM_BURST, 1);
}

function series(model: DifferenceModel, length: number, random: Random): Float64Array {
  const values = new Float64Array(RUN_IN + length);
  for (let i = 0; i < values.length; i++) {
    let value = innovation(model, random);
    for (const [k, part] of model.kept.entries()) value += part * (values[i - 1 - k] ?? 0);
    values[i] = value;
  }
  return values.subarray(RUN_IN);
}

function innovation({ innovations }: DifferenceModel, random: Random): number {
  const at = random.next() * (innovations.length - 1);
  const below = innovations[Math.floor(at)] ?? 0;
  const above = innovations[Math.ceil(at)] ?? 0;
  const size = below + (at - Math.floor(at)) * (above - below);
  return random.next() < 0.5 ? -size : size;
}

/** By Box and Muller. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

function samples(name: string, total: Float64Array): ListenerSamples {
  const none = new Float64Array();
  return {
    name,
    total,
    headers: total,
    body: total,
    requestSide: none,
    responseSide: none,
    cpu: null,
    client: [],
    throughput: { requestsPerSecond: none, cpu: null, busy: null },
    statuses: new Map(),
    logLines: 0,
  };
}
