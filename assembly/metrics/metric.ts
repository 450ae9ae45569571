// The host calls that counters, gauges and histograms have in common.

import { MetricType, Status } from "../abi/enums";
import { proxy_define_metric, proxy_get_metric } from "../abi/hostcalls/metrics";
import { clearOut, outData, release, reserve } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";

/** Defines a metric in Envoy, or finds the one of that name; its id is then the pending result. */
export function defineMetric(type: MetricType, name: string): Status {
  const data = reserve(maxUtf8Size(name.length));
  clearOut();
  const status = proxy_define_metric(type, data, encodeUtf8(name, data), outData());
  release(data);
  return status;
}

/** The value of a counter or gauge that is defined; 0 where it cannot be read. */
export function readMetric(id: u32): u64 {
  clearOut();
  return proxy_get_metric(id, outData()) == Status.Ok ? load<u64>(outData()) : 0;
}
