// Envoy's lines as log entries: what the filter says, with where it says it, and its traps.
import { SourceMap, type SourceMapPayload } from "node:module";
import { readLogPosition } from "../../sdk/compiler/log-positions.ts";
import { trapOf } from "../envoy/failure.ts";
import type { Trap } from "../envoy/failure.ts";
import type { EnvoyLine } from "../envoy/lines.ts";
import type { LogEntry, Place } from "./events.ts";

/** A log entry before it has a number and a time. */
export type Entry = Omit<LogEntry, "number" | "at">;

/**
 * Reads a line of Envoy's; null for one that says nothing about the filter. `sourceMap` is that of
 * the module that serves, null where it has none.
 */
export function entryOf(line: EnvoyLine, sourceMap: string | null): Entry | null {
  if (line.wasm !== null) {
    const { level, text: logged } = line.wasm;
    const { text, place } = readLogPosition(logged);
    return { level, from: "filter", text, place: place ?? abortPlace(text) };
  }
  const trap = trapOf(line);
  if (trap === null) return null;
  const { callback, reason } = trap;
  const effect = AT_START.has(callback)
    ? ""
    : "; this VM is gone, its requests get 503 until the next swap";
  return {
    level: "critical",
    from: "envoy",
    text: `trapped in ${callback}: ${reason}${effect}`,
    place: trapPlace(trap, sourceMap),
  };
}

/** A VM that traps in these has never served. */
const AT_START = new Set(["_initialize", "_start", "proxy_on_vm_start", "proxy_on_configure"]);

/** The line as it would be without the positions that a build for development puts in. */
export function withoutPosition(line: EnvoyLine): EnvoyLine {
  if (line.wasm === null) return line;
  const { text, place } = readLogPosition(line.wasm.text);
  if (place === null) return line;
  const prefix = line.text.slice(0, line.text.length - line.wasm.text.length);
  const where = ` (${place.file}:${place.line}:${place.column})`;
  return { ...line, text: prefix + text + where, wasm: { ...line.wasm, text: text + where } };
}

/** What `abort` puts behind a message. */
function abortPlace(text: string): Place | null {
  const found = / at ([^\s:]+\.ts):(\d+):(\d+)$/.exec(text);
  if (found === null) return null;
  const [, file = "", line, column] = found;
  return file.startsWith("~lib/") ? null : { file, line: Number(line), column: Number(column) };
}

/** The innermost place of a trap that is in the author's own files. */
function trapPlace({ backtrace }: Trap, sourceMap: string | null): Place | null {
  if (sourceMap === null) return null;
  // To a source map a module is one line, with bytes for columns.
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload);
  for (const [, offset = ""] of backtrace.matchAll(/^\s*\d+: +(0x[0-9a-f]+)\b/gm)) {
    const found = map.findEntry(0, Number(offset));
    if (!("originalSource" in found) || /^~lib\//.test(found.originalSource)) continue;
    const { originalSource: file, originalLine, originalColumn } = found;
    return { file, line: originalLine + 1, column: originalColumn + 1 };
  }
  return null;
}
