// Tables, memories, globals and tags, whether imported or defined.
import type { ByteReader } from "./byte-reader.ts";
import { skipConstantExpression } from "./constant-expression.ts";
import type { MemoryInfo, TableInfo } from "./module-info.ts";
import { UNKNOWN_TYPE, valueTypeOrUnknown } from "./type-section.ts";
import type { TypeSection } from "./type-section.ts";

/** What engines take at most. */
const MOST_TABLES = 100_000;
const MOST_ELEMENTS = 10_000_000;
const MOST_MEMORIES = 100;
const MOST_GLOBALS = 1_000_000;
const MOST_TAGS = 1_000_000;

const WASM_PAGE_BYTES = 65_536;

/** Bits of the byte that a size begins with. */
const LimitFlag = { Maximum: 1, Shared: 2, Is64: 4, PageSize: 8 } as const;

/** Before the type of a table: it has an expression that initialises its elements. */
const TABLE_WITH_INITIALISER = 0x40;

interface Limits {
  readonly flags: number;
  readonly initial: number;
  readonly maximum: number | null;
}

function readLimits(reader: ByteReader, known: number): Limits {
  const { offset } = reader;
  const flags = reader.u8();
  if ((flags & ~known) !== 0) {
    reader.fail(`the form 0x${flags.toString(16)} of a size is not known`, offset);
  }
  const number = (): number => ((flags & LimitFlag.Is64) === 0 ? reader.u32() : reader.u64());
  const initial = number();
  const maximum = (flags & LimitFlag.Maximum) === 0 ? null : number();
  if (maximum !== null && maximum < initial) {
    reader.fail(`a maximum of ${maximum} is below the initial ${initial}`, offset);
  }
  return { flags, initial, maximum };
}

/** Reads the type of a memory. */
export function readMemory(reader: ByteReader, imported: boolean): MemoryInfo {
  const { offset } = reader;
  const limits = readLimits(
    reader,
    LimitFlag.Maximum | LimitFlag.Shared | LimitFlag.Is64 | LimitFlag.PageSize,
  );
  let pageBytes = WASM_PAGE_BYTES;
  if ((limits.flags & LimitFlag.PageSize) !== 0) {
    const logarithm = reader.u32();
    if (logarithm > 16) reader.fail(`a page of 2^${logarithm} bytes is too large`, offset);
    pageBytes = 2 ** logarithm;
  }
  const memory64 = (limits.flags & LimitFlag.Is64) !== 0;
  const most = (memory64 ? 2 ** 64 : 2 ** 32) / pageBytes;
  const pages = limits.maximum ?? limits.initial;
  if (pages > most) reader.fail(`a memory of ${pages} pages is too large`, offset);
  return {
    initialPages: limits.initial,
    maximumPages: limits.maximum,
    initialBytes: limits.initial * pageBytes,
    maximumBytes: limits.maximum === null ? null : limits.maximum * pageBytes,
    pageBytes,
    memory64,
    shared: (limits.flags & LimitFlag.Shared) !== 0,
    imported,
  };
}

/** A memory's size as text: `1 page`, `2 to 16 pages`. */
export function memoryType(memory: MemoryInfo): string {
  const { initialPages, maximumPages } = memory;
  const range = maximumPages === null ? initialPages : `${initialPages} to ${maximumPages}`;
  const pages = range === 1 ? "1 page" : `${range} pages`;
  return pages + (memory.memory64 ? ", memory64" : "") + (memory.shared ? ", shared" : "");
}

/** Reads the type of a table, or gives null for a form that is not known. */
export function readTable(reader: ByteReader, imported: boolean): TableInfo | null {
  const type = valueTypeOrUnknown(reader);
  if (type === UNKNOWN_TYPE) return null;
  const { offset } = reader;
  const known = LimitFlag.Maximum | LimitFlag.Shared | LimitFlag.Is64;
  const { initial, maximum } = readLimits(reader, known);
  if (initial > MOST_ELEMENTS) reader.fail(`a table of ${initial} elements is too large`, offset);
  return { type, initial, maximum, imported };
}

/** Reads the type of a global: `i32`, `mut i32`; null for a form that is not known. */
export function readGlobalType(reader: ByteReader): string | null {
  const type = valueTypeOrUnknown(reader);
  if (type === UNKNOWN_TYPE) return null;
  return reader.u8() === 0 ? type : `mut ${type}`;
}

/** Reads the type of a tag, as that of the function which would take what it carries. */
export function readTagType(reader: ByteReader, types: TypeSection): string {
  reader.u8(); // its kind: an exception is the only one
  return types.functionType(reader.u32(), reader);
}

/** Reads the memory section. */
export function readMemories(reader: ByteReader | null): MemoryInfo[] {
  if (reader === null) return [];
  const count = reader.count("memories", MOST_MEMORIES);
  const memories = Array.from({ length: count }, () => readMemory(reader, false));
  reader.expectEnd();
  return memories;
}

/** Reads the tag section: the types of the tags. */
export function readTags(reader: ByteReader | null, types: TypeSection): string[] {
  if (reader === null) return [];
  const count = reader.count("tags", MOST_TAGS);
  const tags = Array.from({ length: count }, () => readTagType(reader, types));
  reader.expectEnd();
  return tags;
}

/** Reads the table section. From the first form that is not known, all types are `?`. */
export function readTables(reader: ByteReader | null): TableInfo[] {
  if (reader === null) return [];
  const unknown: TableInfo = { type: UNKNOWN_TYPE, initial: null, maximum: null, imported: false };
  return readEach(reader, reader.count("tables", MOST_TABLES), unknown, () => {
    const initialised = reader.peek() === TABLE_WITH_INITIALISER;
    if (initialised) reader.skip(2);
    const table = readTable(reader, false);
    if (table === null || (initialised && !skipConstantExpression(reader))) return null;
    return table;
  });
}

/** Reads the global section: the types of the globals, `?` from the first form that is not known. */
export function readGlobals(reader: ByteReader | null): string[] {
  if (reader === null) return [];
  return readEach(reader, reader.count("globals", MOST_GLOBALS), UNKNOWN_TYPE, () => {
    const type = readGlobalType(reader);
    return type !== null && skipConstantExpression(reader) ? type : null;
  });
}

/** Reads `count` items up to the end; from the first that `read` cannot make out, all are `unknown`. */
function readEach<T>(reader: ByteReader, count: number, unknown: T, read: () => T | null): T[] {
  const items: T[] = [];
  while (items.length < count) {
    const item = read();
    if (item === null) return items.concat(new Array<T>(count - items.length).fill(unknown));
    items.push(item);
  }
  reader.expectEnd();
  return items;
}
