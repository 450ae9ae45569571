import { MetricType, Status } from "../abi/enums";
import { proxy_record_metric } from "../abi/hostcalls/metrics";
import { resultData } from "../runtime/memory";
import { defineMetric } from "./metric";

/**
 * A distribution of values in Envoy's statistics, called `wasmcustom.NAME` there and `NAME` on the
 * Prometheus page, with quantiles. Defined like a `Counter`. It can be written only: Envoy does not
 * tell a filter what is in it.
 */
@final
export class Histogram {
  private id: u32 = 0;
  private defined: bool = false;

  /** @param name without the prefix that Envoy gives it */
  constructor(readonly name: string) {}

  /** Defines the histogram in Envoy; it is listed once something was recorded. */
  define(): Status {
    if (this.defined) return Status.Ok;
    const status = defineMetric(MetricType.Histogram, this.name);
    if (status == Status.Ok) {
      this.id = <u32>resultData();
      this.defined = true;
    }
    return status;
  }

  /**
   * Records one value, in whatever unit the name says; Envoy's own histograms count milliseconds.
   * One host call, from any callback.
   */
  record(value: u64): Status {
    const status = this.define();
    return status == Status.Ok ? proxy_record_metric(this.id, value) : status;
  }
}
