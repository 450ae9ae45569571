import { MetricType, Status } from "./abi.ts";
import type { Sample, Statistics } from "./statistics.ts";

interface Metric {
  readonly name: string;
  readonly type: number;
  value: bigint;
  readonly recorded: bigint[];
  /** It was ever counted or set. */
  used: boolean;
  /** What the stats sinks were told last. */
  flushed: bigint;
}

/** What Envoy puts before the names of filters' metrics. */
const NAMESPACE = "wasmcustom.";

const TYPE_MASK = 3;
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** The values of all metrics, by their names: they outlive the VM that defined them. */
export class Metrics {
  readonly #metrics = new Map<string, Metric>();

  /** The value of a counter or gauge; undefined when nothing defined it. */
  value(name: string): number | undefined {
    for (const type of [MetricType.Counter, MetricType.Gauge]) {
      const metric = this.#metrics.get(`${type} ${name}`);
      if (metric !== undefined) return Number(metric.value);
    }
    return undefined;
  }

  /** What a histogram was given, in order. */
  recorded(name: string): readonly number[] {
    return this.#metrics.get(`${MetricType.Histogram} ${name}`)?.recorded.map(Number) ?? [];
  }

  /** All counters and gauges with their values. */
  all(): ReadonlyMap<string, number> {
    const values = [...this.#metrics.values()].filter(({ type }) => type !== MetricType.Histogram);
    return new Map(values.map(({ name, value }) => [name, Number(value)]));
  }

  /** What was ever counted or set, for the stats sinks: counters with what has come since the last time. */
  flush(): Statistics {
    const used = [...this.#metrics.values()].filter((metric) => metric.used);
    const samples = (wanted: number): Sample[] =>
      used
        .filter(({ type }) => type === wanted)
        .map((metric) => {
          const { flushed, name, value } = metric;
          metric.flushed = value;
          return { name: NAMESPACE + name, value, delta: u64(value - flushed) };
        });
    return { counters: samples(MetricType.Counter), gauges: samples(MetricType.Gauge) };
  }

  /** The metric of that type and name, made if need be. */
  get(type: number, name: string): Metric {
    const key = `${type} ${name}`;
    const metric = this.#metrics.get(key) ?? {
      ...{ name, type, value: 0n, recorded: [], used: false, flushed: 0n },
    };
    this.#metrics.set(key, metric);
    return metric;
  }
}

/** The metrics that one VM defined, by the ids it was given. */
export class MetricIds {
  readonly #metrics: Metrics;
  readonly #byId = new Map<number, Metric>();
  readonly #last = [MetricType.Counter, MetricType.Gauge, MetricType.Histogram] as number[];

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** A new id for the metric, even where it has one; null for a type that there is not. */
  define(type: number, name: string): number | null {
    const last = this.#last[type];
    if (last === undefined) return null;
    const id = last + TYPE_MASK + 1;
    this.#last[type] = id;
    this.#byId.set(id, this.#metrics.get(type, name));
    return id;
  }

  increment(id: number, delta: bigint): Status {
    const type = id & TYPE_MASK;
    if (type !== MetricType.Counter && type !== MetricType.Gauge) return Status.BadArgument;
    const metric = this.#byId.get(id);
    if (metric === undefined) return Status.NotFound;
    if (type === MetricType.Counter && delta <= 0n) return Status.BadArgument;
    metric.value = u64(metric.value + delta);
    metric.used = true;
    return Status.Ok;
  }

  record(id: number, value: bigint): Status {
    const metric = this.#byId.get(id);
    if (metric === undefined) return Status.NotFound;
    metric.used = true;
    if (metric.type === MetricType.Counter) metric.value = u64(metric.value + u64(value));
    else if (metric.type === MetricType.Gauge) metric.value = u64(value);
    else metric.recorded.push(u64(value));
    return Status.Ok;
  }

  /** The value, or the status that says why there is none. */
  read(id: number): bigint | Status {
    const type = id & TYPE_MASK;
    if (type !== MetricType.Counter && type !== MetricType.Gauge) return Status.BadArgument;
    return this.#byId.get(id)?.value ?? Status.NotFound;
  }
}
