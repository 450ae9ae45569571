// How the host serialises the values of properties that are more than one number or text: maps as
// the pairs of abi/pairs, lists as pairs whose names are the elements and whose values are empty.
import { PairsReader } from "../abi/pairs";
import { copyBytes } from "../runtime/bytes";
import { resultData, resultSize } from "../runtime/memory";
import { decodeUtf8 } from "../runtime/text";

/** Takes the pending result of a host call over as a map of texts. */
export function toMap(): Map<string, string> {
  const map = new Map<string, string>();
  const reader = new PairsReader(resultData(), resultSize());
  while (reader.advance()) {
    map.set(decodeUtf8(reader.name, reader.nameSize), decodeUtf8(reader.value, reader.valueSize));
  }
  reader.close();
  return map;
}

/** Takes the pending result of a host call over as a map of values as the host encodes them. */
export function toBytesMap(): Map<string, Uint8Array> {
  const map = new Map<string, Uint8Array>();
  const reader = new PairsReader(resultData(), resultSize());
  while (reader.advance()) {
    map.set(decodeUtf8(reader.name, reader.nameSize), copyBytes(reader.value, reader.valueSize));
  }
  reader.close();
  return map;
}

/** Takes the pending result of a host call over as a list of texts. */
export function toList(): string[] {
  const list: string[] = [];
  const reader = new PairsReader(resultData(), resultSize());
  while (reader.advance()) list.push(decodeUtf8(reader.name, reader.nameSize));
  reader.close();
  return list;
}
