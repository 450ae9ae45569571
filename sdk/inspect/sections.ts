import { ByteReader } from "./byte-reader.ts";
import type { SectionInfo } from "./module-info.ts";

/** V8 takes modules of up to 1 GiB. */
export const MOST_MODULE_BYTES = 2 ** 30;

/** There is no limit in the format; no compiler comes near this one, which keeps memory small. */
const MOST_SECTIONS = 100_000;

/** The magic number and the version, which every module begins with. */
export const HEADER_BYTES = 8;

const NO_MODULE_HINT = "Name the .wasm file that the compiler wrote.";
const COMPONENT_HINT = "Build a core module: for Rust, take the target wasm32-wasip1.";

const MAGIC = 0x6d736100; // "\0asm"

/** Ids and names of the sections of the binary format. */
export const SectionId = {
  Custom: 0,
  Type: 1,
  Import: 2,
  Function: 3,
  Table: 4,
  Memory: 5,
  Global: 6,
  Export: 7,
  Start: 8,
  Element: 9,
  Code: 10,
  Data: 11,
  DataCount: 12,
  Tag: 13,
} as const;

/** The order that the binary format asks for: later kinds of section were put in between. */
const ORDER: readonly (readonly [id: number, name: string])[] = [
  [SectionId.Type, "type"],
  [SectionId.Import, "import"],
  [SectionId.Function, "function"],
  [SectionId.Table, "table"],
  [SectionId.Memory, "memory"],
  [SectionId.Tag, "tag"],
  [SectionId.Global, "global"],
  [SectionId.Export, "export"],
  [SectionId.Start, "start"],
  [SectionId.Element, "element"],
  [SectionId.DataCount, "data count"],
  [SectionId.Code, "code"],
  [SectionId.Data, "data"],
];

/** The sections of a module: their frames, and readers of what they hold. */
export interface Sections {
  readonly list: readonly SectionInfo[];
  /** A fresh reader of the section's contents; null when the module has none. */
  contents(id: number): ByteReader | null;
  /** A fresh reader of the first custom section of that name, behind its name. */
  custom(name: string): ByteReader | null;
}

/** Splits a module into its sections. */
export function readSections(bytes: Uint8Array): Sections {
  const reader = new ByteReader(bytes, "the file");
  readHeader(reader, bytes);
  const list: SectionInfo[] = [];
  const known = new Map<number, ByteReader>();
  const custom = new Map<string, ByteReader>();
  let place = -1;
  while (reader.remaining > 0) {
    const { offset } = reader;
    if (list.length === MOST_SECTIONS) reader.fail(`it has more than ${MOST_SECTIONS} sections`);
    const id = reader.u8();
    const next = ORDER.findIndex(([ordered]) => ordered === id);
    if (next < 0 && id !== SectionId.Custom) {
      reader.fail(`${id} is the number of no section`, offset);
    }
    const length = reader.u32();
    const name = ORDER[next]?.[1] ?? "custom";
    if (length > reader.remaining) {
      reader.fail(`the ${name} section runs past the end of the file`, offset);
    }
    const contents = reader.take(length, `the ${name} section`);
    const size = reader.offset - offset;
    if (id === SectionId.Custom) {
      const customName = contents.name();
      list.push({ id, name: customName, offset, bytes: size });
      if (!custom.has(customName)) custom.set(customName, contents);
    } else {
      if (next <= place) reader.fail(`the ${name} section is out of order`, offset);
      place = next;
      list.push({ id, name, offset, bytes: size });
      known.set(id, contents);
    }
  }
  const fresh = (section: ByteReader | undefined): ByteReader | null =>
    section?.at(section.offset) ?? null;
  return {
    list,
    contents: (id) => fresh(known.get(id)),
    custom: (name) => fresh(custom.get(name)),
  };
}

function readHeader(reader: ByteReader, bytes: Uint8Array): void {
  if (bytes.length === 0) reader.fail("it is empty");
  if (bytes.length > MOST_MODULE_BYTES) reader.fail("it is larger than 1 GiB");
  if (bytes.length < HEADER_BYTES || littleEndian(bytes, 0) !== MAGIC) {
    reader.fail(`it does not begin with \\0asm${likeness(bytes)}`, 0, NO_MODULE_HINT);
  }
  reader.skip(4);
  const version = littleEndian(bytes, 4);
  if (version >>> 16 !== 0) {
    reader.fail("it is a component, and Envoy loads core modules only", 4, COMPONENT_HINT);
  }
  if (version !== 1) reader.fail(`its version is ${version} where 1 is known`);
  reader.skip(4);
}

function littleEndian(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(offset, true);
}

/** What the file looks like instead, as the end of a sentence. */
function likeness(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 64)).trimStart();
  if (start.startsWith("(module") || start.startsWith(";;")) return ", it is WebAssembly text";
  if (start.startsWith("<")) return ", it is a page of HTML or XML";
  if (start.startsWith("version https://git-lfs")) return ", it is a pointer to a Git LFS file";
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return ", it is compressed with gzip";
  if (start.startsWith("PK")) return ", it is a zip archive";
  return "";
}
