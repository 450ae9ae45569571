import { MetricType, Status } from "../abi/enums";
import { proxy_increment_metric } from "../abi/hostcalls/metrics";
import { resultData } from "../runtime/memory";
import { defineMetric, readMetric } from "./metric";

/**
 * A counter in Envoy's statistics, called `wasmcustom.NAME` there and `NAME` on the Prometheus page.
 * Make it at top level or in a plugin; it is defined in Envoy at its first use (host calls are not
 * legal in top-level code), or by `define`. Counters of one name are one counter.
 */
@final
export class Counter {
  private id: u32 = 0;
  private defined: bool = false;

  /** @param name without the prefix that Envoy gives it */
  constructor(readonly name: string) {}

  /** Defines the counter in Envoy, so that it is listed before it was counted up. */
  define(): Status {
    if (this.defined) return Status.Ok;
    const status = defineMetric(MetricType.Counter, this.name);
    if (status == Status.Ok) {
      this.id = <u32>resultData();
      this.defined = true;
    }
    return status;
  }

  /** Adds `by` at once: one host call. Adding 0 is no call, as Envoy refuses it. From any callback. */
  increment(by: u32 = 1): Status {
    return this.add(by);
  }

  /** As `increment`, for what was added up beforehand; at most 2^63 - 1 at once. */
  add(by: u64): Status {
    if (by == 0) return Status.Ok;
    const status = this.define();
    return status == Status.Ok ? proxy_increment_metric(this.id, <i64>by) : status;
  }

  /**
   * The counter's value, 0 where it cannot be read. Envoy adds up its workers' counts from time to
   * time, so recent additions may be missing.
   */
  value(): u64 {
    return this.define() == Status.Ok ? readMetric(this.id) : 0;
  }
}
