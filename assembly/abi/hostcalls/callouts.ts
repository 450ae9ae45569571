import { Status } from "../enums";

/** Sends an HTTP request to a cluster; stores the token (u32) that its answer will come with. */
// @ts-ignore: decorator
@external("env", "proxy_http_call")
export declare function proxy_http_call(
  cluster: usize,
  clusterSize: usize,
  headers: usize,
  headersSize: usize,
  body: usize,
  bodySize: usize,
  trailers: usize,
  trailersSize: usize,
  timeoutMs: u32,
  outToken: usize,
): Status;

/** Lets the rest of the callback act on another context; BadArgument when there is none of that id. */
// @ts-ignore: decorator
@external("env", "proxy_set_effective_context")
export declare function proxy_set_effective_context(context: u32): Status;

/** Stores why the last callout failed: a code (u32), and a text that the host allocates. */
// @ts-ignore: decorator
@external("env", "proxy_get_status")
export declare function proxy_get_status(outCode: usize, outData: usize, outSize: usize): Status;
