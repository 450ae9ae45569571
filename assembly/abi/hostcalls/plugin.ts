import { Status } from "../enums";

/**
 * Sets how often the root context of the effective context is ticked; 0 stops it. The first tick
 * comes after one period, and Envoy starts the next period when the tick's callback has returned.
 */
// @ts-ignore: decorator
@external("env", "proxy_set_tick_period_milliseconds")
export declare function proxy_set_tick_period_milliseconds(period: u32): Status;

/** Ends a root context that has answered `proxy_on_done` with false; NotFound for any other. */
// @ts-ignore: decorator
@external("env", "proxy_done")
export declare function proxy_done(): Status;
