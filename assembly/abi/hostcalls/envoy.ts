import { Status } from "../enums";

/**
 * Has Envoy look up a name; stores the token (u32) that the answer will come with, before the answer,
 * which can come inside of this call. Envoy's own: no part of Proxy-Wasm.
 */
// @ts-ignore: decorator
@external("env", "envoy_resolve_dns")
export declare function envoy_resolve_dns(name: usize, nameSize: usize, outToken: usize): Status;
