import { LogLevel, Status } from "../enums";

/** Writes one log line. The only `proxy_*` call that is legal before the first callback. */
// @ts-ignore: decorator
@external("env", "proxy_log")
export declare function proxy_log(level: LogLevel, message: usize, messageSize: usize): Status;

/** Stores the level below which the host drops log lines; 6 stands for off. ABI 0.2.1. */
// @ts-ignore: decorator
@external("env", "proxy_get_log_level")
export declare function proxy_get_log_level(outLevel: usize): Status;
