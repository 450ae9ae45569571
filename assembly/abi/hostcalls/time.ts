import { Status } from "../enums";

/** Stores the time since the Unix epoch (u64), by the wall clock. */
// @ts-ignore: decorator
@external("env", "proxy_get_current_time_nanoseconds")
export declare function proxy_get_current_time_nanoseconds(outTime: usize): Status;
