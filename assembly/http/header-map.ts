import { MapType, Status } from "../abi/enums";
import { isFieldName, isFieldSafe } from "../abi/field";
import {
  proxy_add_header_map_value,
  proxy_get_header_map_size,
  proxy_get_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
  proxy_set_header_map_pairs,
} from "../abi/hostcalls/headers";
import { PairsReader, PairsWriter } from "../abi/pairs";
import { Header, HeaderBytes, bytesOf, entriesOf, textsOf } from "./header";
import { HeaderSnapshot } from "./header-snapshot";
import { copyBytes, takeBytes, takeString } from "../runtime/bytes";
import { clearOut, outData, outSize, release, reserve, resultData } from "../runtime/memory";
import { decodeUtf8, encodeUtf8, maxUtf8Size } from "../runtime/text";

/** What Envoy takes as one map, at most: it would take a larger one for an empty map. */
// @ts-ignore: decorator
@inline
const MAX_ENTRIES = 1024;
// @ts-ignore: decorator
@inline
const MAX_BYTES: usize = 1024 * 1024;

/**
 * A view of a header map that lives in Envoy: each call asks or changes Envoy's own map. Names are
 * matched without regard to case; `:method`, `:path`, `:authority`, `:scheme` and `:status` are in
 * the map too.
 *
 * Values are bytes on the wire. The string forms decode them as UTF-8, each ill-formed part as one
 * U+FFFD; the `Bytes` forms hand them over as they are. Nothing here traps: where the map is not
 * available in this phase, what is read is absent (`null`, empty), and what writes answers a
 * `Status` other than `Ok`, which may be ignored.
 */
export abstract class HeaderMap {
  /** @internal */
  constructor(private readonly map: MapType) {}

  /** The first value of `name`; `null` when the header is absent, `""` when it is empty. */
  get(name: string): string | null {
    return this.lookUp(name) ? takeString() : null;
  }

  /** The first value of `name` as bytes; `null` when the header is absent. */
  getBytes(name: string): Uint8Array | null {
    return this.lookUp(name) ? takeBytes() : null;
  }

  /** Every value of `name` in the order of the wire; empty when the header is absent. */
  getAll(name: string): string[] {
    const reader = PairsReader.ofMap(this.map);
    const values = textsOf(reader, name);
    reader.close();
    return values;
  }

  /** Every value of `name` as bytes, in the order of the wire. */
  getAllBytes(name: string): Uint8Array[] {
    const reader = PairsReader.ofMap(this.map);
    const values = bytesOf(reader, name);
    reader.close();
    return values;
  }

  /** Whether the header is there, be it empty. */
  has(name: string): bool {
    if (!this.lookUp(name)) return false;
    release(resultData());
    return true;
  }

  /**
   * Makes `value` the only value of `name`. `BadArgument` when the name is empty, or a name or value
   * holds CR, LF or NUL: nothing is changed then.
   */
  set(name: string, value: string): Status {
    return writeText(this.map, name, value, true);
  }

  /** As `set`, with the value as bytes. */
  setBytes(name: string, value: Uint8Array): Status {
    return writeBytes(this.map, name, value, true);
  }

  /** Adds a value beside those that are there; refuses what `set` refuses. */
  add(name: string, value: string): Status {
    return writeText(this.map, name, value, false);
  }

  /** As `add`, with the value as bytes. */
  addBytes(name: string, value: Uint8Array): Status {
    return writeBytes(this.map, name, value, false);
  }

  /** Removes every value of `name`; `Ok` also when there was none. */
  remove(name: string): Status {
    const key = reserve(maxUtf8Size(name.length));
    const size = encodeUtf8(name, key);
    const status = isFieldName(key, size)
      ? proxy_remove_header_map_value(this.map, key, size)
      : Status.BadArgument;
    release(key);
    return status;
  }

  /**
   * Makes `entries` the whole map: what it held before is gone. `BadArgument`, and nothing is changed,
   * when `set` would refuse one of them, or they are more than 1024 or, with 10 bytes for each, more
   * than 1 MiB. Envoy answers with an error of its own (400 to 503) where a request is left without
   * `:method`, `:path`, `:authority` or `x-forwarded-proto`, or a response without `:status`.
   */
  setAll(entries: Header[]): Status {
    const pairs = new PairsWriter();
    for (let i = 0; i < entries.length; i++) pairs.add(entries[i].name, entries[i].value);
    return this.replaceAll(pairs, entries.length);
  }

  /** As `setAll`, with the values as bytes. */
  setAllBytes(entries: HeaderBytes[]): Status {
    const pairs = new PairsWriter();
    for (let i = 0; i < entries.length; i++) pairs.addBytes(entries[i].name, entries[i].value);
    return this.replaceAll(pairs, entries.length);
  }

  private replaceAll(pairs: PairsWriter, count: i32): Status {
    const size = pairs.size;
    if (pairs.refused || count > MAX_ENTRIES || size > MAX_BYTES) return Status.BadArgument;
    const data = reserve(size);
    pairs.write(data);
    const status = proxy_set_header_map_pairs(this.map, data, size);
    release(data);
    return status;
  }

  /** How many bytes all names and values are; 0 where the map is not available or not writable. */
  byteSize(): u32 {
    clearOut();
    return proxy_get_header_map_size(this.map, outData()) == Status.Ok ? <u32>resultData() : 0;
  }

  /** All headers in the order of the wire, repeated ones each for itself. One host call. */
  entries(): Header[] {
    const reader = PairsReader.ofMap(this.map);
    const entries = entriesOf(reader);
    reader.close();
    return entries;
  }

  /** As `entries`, with the values as bytes. */
  entriesBytes(): HeaderBytes[] {
    const reader = PairsReader.ofMap(this.map);
    const entries = new Array<HeaderBytes>();
    while (reader.advance()) {
      entries.push(
        new HeaderBytes(
          decodeUtf8(reader.name, reader.nameSize),
          copyBytes(reader.value, reader.valueSize),
        ),
      );
    }
    reader.close();
    return entries;
  }

  /**
   * Reads the whole map in one host call, as it is now. What is looked up in the answer costs no host
   * call more: from the third header on that is cheaper than to `get` each (docs/measuring.md). Empty
   * where the map is not available in this phase.
   */
  snapshot(): HeaderSnapshot {
    const reader = PairsReader.ofMap(this.map);
    const snapshot = new HeaderSnapshot(reader.copy());
    reader.close();
    return snapshot;
  }

  /**
   * Calls `visit` for each header in the order of the wire, repeated ones each for itself.
   * AssemblyScript has no closures, so what the visit works on is handed through as `context`:
   *
   * ```ts
   * headers.forEach<Names>((name, value, names) => names.list.push(name), names);
   * ```
   *
   * The map is read once, before the first visit: changes made by `visit` are not seen by it.
   */
  forEach<T>(visit: (name: string, value: string, context: T) => void, context: T): void {
    const reader = PairsReader.ofMap(this.map);
    while (reader.advance()) {
      visit(
        decodeUtf8(reader.name, reader.nameSize),
        decodeUtf8(reader.value, reader.valueSize),
        context,
      );
    }
    reader.close();
  }

  /** As `forEach`, with the values as bytes. */
  forEachBytes<T>(visit: (name: string, value: Uint8Array, context: T) => void, context: T): void {
    const reader = PairsReader.ofMap(this.map);
    while (reader.advance()) {
      visit(
        decodeUtf8(reader.name, reader.nameSize),
        copyBytes(reader.value, reader.valueSize),
        context,
      );
    }
    reader.close();
  }

  /** Asks the host for the first value; true when the header is there and the result is pending. */
  private lookUp(name: string): bool {
    const key = reserve(maxUtf8Size(name.length));
    const size = encodeUtf8(name, key);
    clearOut();
    const status = proxy_get_header_map_value(this.map, key, size, outData(), outSize());
    release(key);
    return status == Status.Ok;
  }
}

function writeText(map: MapType, name: string, value: string, replace: bool): Status {
  const key = reserve(maxUtf8Size(name.length + value.length));
  const keySize = encodeUtf8(name, key);
  const data = key + keySize;
  const status = write(map, key, keySize, data, encodeUtf8(value, data), replace);
  release(key);
  return status;
}

function writeBytes(map: MapType, name: string, value: Uint8Array, replace: bool): Status {
  const key = reserve(maxUtf8Size(name.length));
  const keySize = encodeUtf8(name, key);
  const status = write(map, key, keySize, value.dataStart, value.length, replace);
  release(key);
  return status;
}

function write(
  map: MapType,
  name: usize,
  nameSize: usize,
  value: usize,
  valueSize: usize,
  replace: bool,
): Status {
  if (!isFieldName(name, nameSize) || !isFieldSafe(value, valueSize)) return Status.BadArgument;
  return replace
    ? proxy_replace_header_map_value(map, name, nameSize, value, valueSize)
    : proxy_add_header_map_value(map, name, nameSize, value, valueSize);
}
