import { deflateSync, inflateSync } from "node:zlib";
import { Status } from "../abi.ts";

/** More than a guest of 32 bits would have room for beside what it holds already. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** Bytes to a zlib stream: not Envoy's to the byte, where its zlib is another version. */
export function compress(argument: Uint8Array): Uint8Array {
  return deflateSync(argument);
}

/** A zlib stream to bytes. */
export function uncompress(argument: Uint8Array): Uint8Array | Status {
  try {
    return inflateSync(argument, { maxOutputLength: MOST_BYTES });
  } catch {
    return Status.SerializationFailure;
  }
}
