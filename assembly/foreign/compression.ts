import { Status } from "../abi/enums";
import { takeBytes } from "../runtime/bytes";
import { release, resultData } from "../runtime/memory";
import { call } from "./call";

/** Compresses bytes by zlib (RFC 1950; not gzip); `null` when the host refuses. From anywhere. */
export function compress(bytes: Uint8Array): Uint8Array | null {
  return convert("compress", bytes);
}

/**
 * Takes what `compress` made apart; `null` for what is no whole zlib stream. From anywhere. The
 * result can be a thousand times as large as `bytes`, and nothing limits it: not for what strangers
 * send.
 */
export function uncompress(bytes: Uint8Array): Uint8Array | null {
  return convert("uncompress", bytes);
}

function convert(name: string, bytes: Uint8Array): Uint8Array | null {
  if (call(name, bytes.dataStart, bytes.length) == Status.Ok) return takeBytes();
  release(resultData());
  return null;
}
