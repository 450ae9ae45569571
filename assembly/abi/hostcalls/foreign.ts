import { Status } from "../enums";

/** Calls a function of the host's own by its name; the host allocates the result by `malloc`. */
// @ts-ignore: decorator
@external("env", "proxy_call_foreign_function")
export declare function proxy_call_foreign_function(
  name: usize,
  nameSize: usize,
  argument: usize,
  argumentSize: usize,
  outData: usize,
  outSize: usize,
): Status;
