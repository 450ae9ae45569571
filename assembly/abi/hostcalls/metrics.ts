import { MetricType, Status } from "../enums";

/** Defines a metric, or finds the one of that name; stores its id (u32). */
// @ts-ignore: decorator
@external("env", "proxy_define_metric")
export declare function proxy_define_metric(
  type: MetricType,
  name: usize,
  nameSize: usize,
  outId: usize,
): Status;

/** Adds to a counter or gauge. Envoy refuses a counter's delta of 0. */
// @ts-ignore: decorator
@external("env", "proxy_increment_metric")
export declare function proxy_increment_metric(id: u32, delta: i64): Status;

/** Sets a gauge, adds to a histogram; a counter would be added to. */
// @ts-ignore: decorator
@external("env", "proxy_record_metric")
export declare function proxy_record_metric(id: u32, value: u64): Status;

/** Stores the value of a counter or gauge (u64). */
// @ts-ignore: decorator
@external("env", "proxy_get_metric")
export declare function proxy_get_metric(id: u32, outValue: usize): Status;
