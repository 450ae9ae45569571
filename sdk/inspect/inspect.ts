import { ToolError } from "../errors.ts";
import { Malformed } from "./byte-reader.ts";
import { readGlobals, readMemories, readTables, readTags } from "./definitions.ts";
import { ABI_VERSIONS, abiMarker } from "./envoy-abi.ts";
import type { AbiVersion } from "./envoy-abi.ts";
import { readExports } from "./exports.ts";
import type { IndexSpaces } from "./exports.ts";
import { readBodies, readFunctionTypes } from "./functions.ts";
import { readImports } from "./imports.ts";
import type { ExportInfo, ModuleInfo } from "./module-info.ts";
import { functionNames } from "./names.ts";
import { SectionId, readSections } from "./sections.ts";
import type { Sections } from "./sections.ts";
import { TypeSection } from "./type-section.ts";

/** How many of the largest functions are told. */
const LARGEST_FUNCTIONS = 10;

/** The custom section that names functions. */
const NAME_SECTION = "name";

/**
 * Reads what a WebAssembly module of any language consists of, without running it. Bytes that are no
 * module throw a ToolError ERR_NOT_WASM which names the byte; `file` is how its message calls them.
 */
export function inspectModule(bytes: Uint8Array, file = "the file"): ModuleInfo {
  try {
    return readModule(bytes);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new ToolError(
      "ERR_NOT_WASM",
      `${file} is no valid WebAssembly module: ${error.message} (byte ${error.offset})`,
      { hint: error.hint ?? "Build the module again: the file may be damaged or cut short." },
    );
  }
}

function readModule(bytes: Uint8Array): ModuleInfo {
  const sections = readSections(bytes);
  const types = new TypeSection(sections.contents(SectionId.Type));
  const imports = readImports(sections.contents(SectionId.Import), types);
  const functionTypes = readFunctionTypes(sections.contents(SectionId.Function));
  const imported = imports.functions.length;
  const spaces: IndexSpaces = {
    functions: imported + functionTypes.length,
    functionType: (index, usedBy) =>
      imports.functions[index] ?? types.functionType(functionTypes[index - imported] ?? -1, usedBy),
    tables: [...imports.tables, ...readTables(sections.contents(SectionId.Table))],
    memories: [...imports.memories, ...readMemories(sections.contents(SectionId.Memory))],
    tags: [...imports.tags, ...readTags(sections.contents(SectionId.Tag), types)],
    globals: [...imports.globals, ...readGlobals(sections.contents(SectionId.Global))],
  };
  const exports = readExports(sections.contents(SectionId.Export), spaces);
  const start = readStart(sections, spaces.functions);
  const bodies = readBodies(sections.contents(SectionId.Code), LARGEST_FUNCTIONS);
  expectSame("functions", functionTypes.length, bodies.count, bytes.length);
  const declaredData = sections.contents(SectionId.DataCount)?.u32();
  const data = sections.contents(SectionId.Data)?.u32() ?? 0;
  expectSame("pieces of data", declaredData ?? data, data, bytes.length);

  const largest = bodies.largest.map(({ position, bytes: size }) => ({
    index: imported + position,
    bytes: size,
  }));
  const wanted = new Set(largest.map(({ index }) => index));
  if (start !== null) wanted.add(start);
  const nameSection = sections.custom(NAME_SECTION);
  const named = nameSection === null ? null : functionNames(nameSection, wanted);
  const nameOf = (index: number): string | null =>
    named?.names.get(index) ?? exports.functionNames.get(index) ?? null;

  const nameBytes = sizeOf(sections, SectionId.Custom, NAME_SECTION);
  return {
    bytes: bytes.length,
    bytesWithoutNames: bytes.length - nameBytes,
    abiVersion: abiVersionOf(exports.list),
    imports: imports.list,
    exports: exports.list,
    memories: spaces.memories,
    tables: spaces.tables,
    globals: spaces.globals.length,
    functions: functionTypes.length,
    codeBytes: sizeOf(sections, SectionId.Code),
    dataBytes: sizeOf(sections, SectionId.Data),
    largestFunctions: largest.map((each) => ({ ...each, name: nameOf(each.index) })),
    start: start === null ? null : { index: start, name: nameOf(start) },
    nameSection: named && { bytes: nameBytes, problem: named.problem },
    sections: sections.list,
  };
}

/** What one section declares, another has to hold: a file that was cut short between them does not. */
function expectSame(items: string, declared: number, held: number, offset: number): void {
  if (declared === held) return;
  throw new Malformed(`it declares ${declared} ${items} and holds ${held}`, offset);
}

/** The function that the start section names; null without one. */
function readStart(sections: Sections, functions: number): number | null {
  const reader = sections.contents(SectionId.Start);
  if (reader === null) return null;
  const index = reader.u32();
  if (index >= functions) reader.fail(`there is no function ${index} to start`);
  reader.expectEnd();
  return index;
}

/** The bytes of all sections of that kind, and of that name where one is given. */
function sizeOf(sections: Sections, id: number, name?: string): number {
  return sections.list
    .filter((section) => section.id === id && (name === undefined || section.name === name))
    .reduce((total, section) => total + section.bytes, 0);
}

/** As Envoy finds it: by the first export that marks a version which it knows. */
function abiVersionOf(exports: readonly ExportInfo[]): AbiVersion | null {
  const markers = new Map(ABI_VERSIONS.map((version) => [abiMarker(version), version]));
  for (const { kind, name } of exports) {
    const version = kind === "function" ? markers.get(name) : undefined;
    if (version !== undefined) return version;
  }
  return null;
}
