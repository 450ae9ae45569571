import { MetricType, Status } from "../abi/enums";
import { proxy_increment_metric, proxy_record_metric } from "../abi/hostcalls/metrics";
import { resultData } from "../runtime/memory";
import { defineMetric, readMetric } from "./metric";

/**
 * A value that goes up and down, in Envoy's statistics, called `wasmcustom.NAME` there and `NAME` on
 * the Prometheus page. Defined like a `Counter`. All workers share it: `add` what each of them has,
 * as the last `set` of any of them wins.
 */
@final
export class Gauge {
  private id: u32 = 0;
  private defined: bool = false;

  /** @param name without the prefix that Envoy gives it */
  constructor(readonly name: string) {}

  /** Defines the gauge in Envoy, so that it is listed before it was set. */
  define(): Status {
    if (this.defined) return Status.Ok;
    const status = defineMetric(MetricType.Gauge, this.name);
    if (status == Status.Ok) {
      this.id = <u32>resultData();
      this.defined = true;
    }
    return status;
  }

  /** Makes `value` the gauge's value, for all workers. One host call, from any callback. */
  set(value: u64): Status {
    const status = this.define();
    return status == Status.Ok ? proxy_record_metric(this.id, value) : status;
  }

  /**
   * Adds `by`, which may be negative. One host call, from any callback. Envoy's gauges have no sign:
   * one that is taken below 0 shows a value near 2^64.
   */
  add(by: i64): Status {
    const status = this.define();
    return status == Status.Ok ? proxy_increment_metric(this.id, by) : status;
  }

  /** The gauge's value, 0 where it cannot be read. */
  value(): u64 {
    return this.define() == Status.Ok ? readMetric(this.id) : 0;
  }
}
