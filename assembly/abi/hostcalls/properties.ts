import { Status } from "../enums";

/** Reads a property; the parts of `path` are joined by NUL bytes. */
// @ts-ignore: decorator
@external("env", "proxy_get_property")
export declare function proxy_get_property(
  path: usize,
  pathSize: usize,
  outData: usize,
  outSize: usize,
): Status;

/** Stores a value under a key of its own in the stream's filter state, as `wasm.KEY`. */
// @ts-ignore: decorator
@external("env", "proxy_set_property")
export declare function proxy_set_property(
  path: usize,
  pathSize: usize,
  value: usize,
  valueSize: usize,
): Status;
