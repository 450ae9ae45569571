// Foreign functions: what a host offers beside the ABI, by name. Envoy's own have typed forms in
// this folder; other hosts (Istio, Higress) have more.
import { Status } from "../abi/enums";
import { proxy_call_foreign_function } from "../abi/hostcalls/foreign";
import { copyBytes } from "../runtime/bytes";
import {
  clearOut,
  outData,
  outSize,
  release,
  reserve,
  resultData,
  resultSize,
} from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";

/** What a foreign function answered. */
@final
export class ForeignAnswer {
  constructor(
    /** `NotFound` when the host has no such function. */
    readonly status: Status,
    /** The result; empty unless the status is `Ok`. */
    readonly bytes: Uint8Array,
  ) {}
}

/** Calls a foreign function; what argument and result are is between it and the caller. */
export function callForeignFunction(
  name: string,
  argument: Uint8Array | null = null,
): ForeignAnswer {
  const status =
    argument === null ? call(name, 0, 0) : call(name, argument.dataStart, argument.length);
  const data = resultData();
  const bytes = copyBytes(data, status == Status.Ok ? resultSize() : 0);
  release(data);
  return new ForeignAnswer(status, bytes);
}

/** Calls a foreign function whose result, if any, is left pending in the out-parameters. */
export function call(name: string, argument: usize, argumentSize: usize): Status {
  // The argument may lie in the scratch space already.
  const data = heap.alloc(maxUtf8Size(name.length));
  clearOut();
  const status = proxy_call_foreign_function(
    data,
    encodeUtf8(name, data),
    argument,
    argumentSize,
    outData(),
    outSize(),
  );
  heap.free(data);
  return status;
}

/** Calls a foreign function whose result is of no interest. */
export function callForStatus(name: string, argument: usize, argumentSize: usize): Status {
  const status = call(name, argument, argumentSize);
  release(resultData());
  return status;
}
