import { MetricType, Status } from "../abi/enums";
import {
  proxy_define_metric,
  proxy_get_metric,
  proxy_increment_metric,
} from "../abi/hostcalls/metrics";
import { clearOut, outData, release, reserve, resultData } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";

/**
 * A counter in Envoy's statistics, called `wasmcustom.NAME` there and `NAME` on the Prometheus page.
 * Make it at top level or in a plugin; it is defined in Envoy at its first use (host calls are not
 * legal in top-level code), or by `define`. Counters of one name are one counter.
 */
@final
export class Counter {
  private id: u32 = 0;
  private defined: bool = false;

  constructor(readonly name: string) {}

  /** Defines the counter in Envoy, so that it is listed before it was counted up. */
  define(): Status {
    if (this.defined) return Status.Ok;
    const data = reserve(maxUtf8Size(this.name.length));
    clearOut();
    const status = proxy_define_metric(
      MetricType.Counter,
      data,
      encodeUtf8(this.name, data),
      outData(),
    );
    release(data);
    if (status == Status.Ok) {
      this.id = <u32>resultData();
      this.defined = true;
    }
    return status;
  }

  /** Adds `by` at once: one host call. Adding 0 is no call, as Envoy refuses it. From any callback. */
  increment(by: u32 = 1): Status {
    if (by == 0) return Status.Ok;
    const status = this.define();
    return status == Status.Ok ? proxy_increment_metric(this.id, i64(by)) : status;
  }

  /**
   * The counter's value, 0 where it cannot be read. Envoy adds up its workers' counts from time to
   * time, so recent additions may be missing.
   */
  value(): u64 {
    if (this.define() != Status.Ok) return 0;
    clearOut();
    return proxy_get_metric(this.id, outData()) == Status.Ok ? load<u64>(outData()) : 0;
  }
}
