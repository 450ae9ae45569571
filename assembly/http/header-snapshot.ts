import { PairsReader } from "../abi/pairs";
import { copyBytes } from "../runtime/bytes";
import { release, reserve } from "../runtime/memory";
import { decodeUtf8, encodeUtf8, maxUtf8Size } from "../runtime/text";
import { Header, bytesOf, entriesOf, textsOf } from "./header";

/**
 * A header map as it was when it was read (`headers.snapshot()`): later changes of the map are not in
 * it, and it outlives the callback, so that a field of the filter may keep it for `onLog`. Names are
 * matched without regard to case; where there are several of a name, `get` answers the first. No call
 * of it is a host call.
 */
@final
export class HeaderSnapshot {
  private readonly reader: PairsReader;

  /** Of what the host handed over. @internal */
  constructor(
    /** Kept here for `reader`, which has but its address. */
    private readonly pairs: Uint8Array,
  ) {
    this.reader = new PairsReader(pairs.dataStart, pairs.length);
  }

  /** How many headers there are, repeated ones each for itself. */
  get length(): i32 {
    return this.reader.length;
  }

  /** The first value of `name`; `null` when the header is absent, `""` when it is empty. */
  get(name: string): string | null {
    const reader = this.reader;
    return this.find(name) ? decodeUtf8(reader.value, reader.valueSize) : null;
  }

  /** The first value of `name` as bytes; `null` when the header is absent. */
  getBytes(name: string): Uint8Array | null {
    const reader = this.reader;
    return this.find(name) ? copyBytes(reader.value, reader.valueSize) : null;
  }

  /** Every value of `name` in the order of the wire; empty when the header is absent. */
  getAll(name: string): string[] {
    this.reader.rewind();
    return textsOf(this.reader, name);
  }

  /** Every value of `name` as bytes, in the order of the wire. */
  getAllBytes(name: string): Uint8Array[] {
    this.reader.rewind();
    return bytesOf(this.reader, name);
  }

  /** Whether the header is there, be it empty. */
  has(name: string): bool {
    return this.find(name);
  }

  /** All headers in the order of the wire, repeated ones each for itself. */
  entries(): Header[] {
    this.reader.rewind();
    return entriesOf(this.reader);
  }

  /** Goes to the first header of a name; false when there is none. */
  private find(name: string): bool {
    const reader = this.reader;
    reader.rewind();
    const key = reserve(maxUtf8Size(name.length));
    const found = reader.advanceTo(key, encodeUtf8(name, key));
    release(key);
    return found;
  }
}
