// What `inspect` shows to people.
import type {
  ExternalKind,
  FunctionInfo,
  MemoryInfo,
  ModuleInfo,
  SectionInfo,
} from "../inspect/module-info.ts";
import { printable } from "../inspect/printable.ts";
import { count, formatBytes } from "./format.ts";

/** A table of what a module consists of; `file` is what it is called. */
export function inspectReport(file: string, info: ModuleInfo): string {
  const { imports, exports, sections, largestFunctions } = info;
  return [
    `${printable(file)}  ${size(info.bytes)}${withoutNames(info)}`,
    "",
    ...rows(summary(info)),
    ...block(
      `imports (${imports.length})`,
      imports.map(({ module, name, kind, type }) => [
        `${printable(module)}.${printable(name)}`,
        external(kind, type),
      ]),
    ),
    ...block(
      `exports (${exports.length})`,
      exports.map(({ name, kind, type }) => [printable(name), external(kind, type)]),
    ),
    ...block("sections", sectionRows(sections, info.bytes)),
    ...block("largest functions", functionRows(largestFunctions)),
    "",
  ].join("\n");
}

function withoutNames({ bytes, bytesWithoutNames }: ModuleInfo): string {
  return bytes === bytesWithoutNames ? "" : `, ${size(bytesWithoutNames)} without names`;
}

function summary(info: ModuleInfo): string[][] {
  const { abiVersion, memories, tables, imports, start } = info;
  const importedFunctions = imports.filter(({ kind }) => kind === "function").length;
  const lines = [["Proxy-Wasm ABI", abiVersion ?? "none that Envoy knows"]];
  for (const memory of memories) lines.push(["memory", memoryText(memory)]);
  if (memories.length === 0) lines.push(["memory", "none"]);
  for (const { type, initial, maximum } of tables) {
    const most = maximum === null ? "no maximum" : `at most ${maximum.toLocaleString("en-US")}`;
    const elements = initial === null ? "? elements" : count(initial, "element");
    lines.push(["table", `${elements} of ${printable(type)}, ${most}`]);
  }
  lines.push(
    ["globals", String(info.globals)],
    ["functions", `${info.functions}, and ${importedFunctions} imported`],
    ["code", size(info.codeBytes)],
    ["data", size(info.dataBytes)],
  );
  if (start !== null) lines.push(["start", printable(start.name ?? `function ${start.index}`)]);
  return lines;
}

function memoryText(memory: MemoryInfo): string {
  const amount = (pages: number, bytes: number): string =>
    `${count(pages, "page")} (${formatBytes(bytes)})`;
  const { maximumPages, maximumBytes } = memory;
  const maximum =
    maximumPages === null || maximumBytes === null
      ? "no maximum"
      : `at most ${amount(maximumPages, maximumBytes)}`;
  const kinds = [
    memory.imported ? "imported" : "",
    memory.memory64 ? "64 bits" : "",
    memory.shared ? "shared" : "",
  ].filter((kind) => kind !== "");
  return [amount(memory.initialPages, memory.initialBytes), maximum, ...kinds].join(", ");
}

function external(kind: ExternalKind, type: string): string {
  return kind === "function" ? printable(type) : `${kind} ${printable(type)}`;
}

function sectionRows(sections: readonly SectionInfo[], total: number): string[][] {
  return sections.map(({ id, name, bytes }) => [
    bytes.toLocaleString("en-US").padStart(10),
    `${((100 * bytes) / total).toFixed(1)} %`.padStart(7),
    id === 0 ? `custom "${printable(name)}"` : name,
  ]);
}

function functionRows(functions: readonly FunctionInfo[]): string[][] {
  return functions.map(({ index, name, bytes }) => [
    bytes.toLocaleString("en-US").padStart(10),
    printable(name ?? `function ${index}`),
  ]);
}

function block(title: string, cells: readonly (readonly string[])[]): string[] {
  return cells.length === 0 ? [] : ["", title, ...rows(cells)];
}

/** The widest that a first column gets: what is longer pushes its own row only. */
const WIDEST = 44;

/** Indented rows; the second column begins where the longest of the first ends. */
function rows(cells: readonly (readonly string[])[]): string[] {
  const longest = cells.reduce((most, [first = ""]) => Math.max(most, first.length), 0);
  const width = Math.min(longest, WIDEST);
  return cells.map(([first = "", ...others]) =>
    `  ${[first.padEnd(width), ...others].join("  ")}`.trimEnd(),
  );
}

function size(bytes: number): string {
  return count(bytes, "byte");
}
