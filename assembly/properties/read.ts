// Reading properties, for the typed getters. Paths are written as the host wants them, with a NUL
// between the parts; only the SDK does that, so that no author has to.
import { Status } from "../abi/enums";
import { proxy_get_property } from "../abi/hostcalls/properties";
import { takeBytes, takeString } from "../runtime/bytes";
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
import { toMap } from "./encoding";

/** Asks the host for a property; true when it is there, and the result is pending. */
export function lookUp(path: string): bool {
  const data = reserve(maxUtf8Size(path.length));
  clearOut();
  const status = proxy_get_property(data, encodeUtf8(path, data), outData(), outSize());
  release(data);
  return status == Status.Ok;
}

/** As `lookUp`, for the part `name` below `path`; a name with a NUL names nothing. */
export function lookUpIn(path: string, name: string): bool {
  return name.indexOf("\0") < 0 && lookUp(path + "\0" + name);
}

/** A property as text; `null` when it is absent. */
export function readText(path: string): string | null {
  return lookUp(path) ? takeString() : null;
}

/** As `readText`, for the part `name` below `path`. */
export function readTextIn(path: string, name: string): string | null {
  return lookUpIn(path, name) ? takeString() : null;
}

/** A property as bytes; `null` when it is absent. */
export function readBytes(path: string): Uint8Array | null {
  return lookUp(path) ? takeBytes() : null;
}

/** A property that the host encodes in eight bytes; `absent` when it is absent or no such one. */
export function readInteger(path: string, absent: i64): i64 {
  return lookUp(path) ? takeInteger(absent) : absent;
}

/** A truth value; `absent` when it is absent or no such one. */
export function readBool(path: string, absent: bool): bool {
  return lookUp(path) ? takeBool(absent) : absent;
}

/** A map of texts; `null` when it is absent. */
export function readMap(path: string): Map<string, string> | null {
  return lookUp(path) ? toMap() : null;
}

/** Takes the pending result over as a number of eight bytes. */
export function takeInteger(absent: i64): i64 {
  const data = resultData();
  const value = resultSize() == 8 ? load<i64>(data) : absent;
  release(data);
  return value;
}

/** Takes the pending result over as a truth value of one byte. */
export function takeBool(absent: bool): bool {
  const data = resultData();
  const value = resultSize() == 1 ? load<u8>(data) != 0 : absent;
  release(data);
  return value;
}
