// Envoy's foreign functions by their names. Arguments and results are protobuf messages, as the comments
// have them, or plain bytes.
import { Status } from "../abi.ts";
import type { Vm } from "../vm.ts";
import { compress, uncompress } from "./compression.ts";
import { sign, verifySignature } from "./signature.ts";
import { declareProperty, setEnvoyFilterState } from "./state.ts";

/** What a function answers: bytes, or a status without any. */
export type ForeignResult = Uint8Array | Status;

/** A function of the host. Bytes are answered with Ok. */
export type ForeignFunction = (argument: Uint8Array, vm: Vm) => ForeignResult;

/** Those of Envoy's that evaluate expressions: without a parser here they answer NotFound, and are told of. */
export const EXPRESSION_FUNCTIONS: ReadonlySet<string> = new Set([
  "expr_create",
  "expr_evaluate",
  "expr_delete",
]);

/** Those of Envoy's that this host has. */
export const ENVOY_FUNCTIONS: ReadonlyMap<string, ForeignFunction> = new Map<
  string,
  ForeignFunction
>([
  ["verify_signature", verifySignature],
  ["sign", sign],
  ["compress", compress],
  ["uncompress", uncompress],
  ["set_envoy_filter_state", setEnvoyFilterState],
  ["declare_property", declareProperty],
  // There are no routes to forget.
  ["clear_route_cache", () => Status.Ok],
]);
