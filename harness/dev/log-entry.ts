// Envoy's lines as log entries: what the filter says, with where it says it, and its traps.
import { readLogPosition } from "../../sdk/compiler/log-position.ts";
import { formatTrap } from "../../sdk/trap/index.ts";
import type { EnvoyLine } from "../envoy/lines.ts";
import type { TrapWatcher } from "../envoy/trap-watcher.ts";
import type { LogEntry } from "./events.ts";

/** A log entry before it has a number and a time. */
export type Entry = Omit<LogEntry, "number" | "at">;

/** A VM that traps in these has never served. */
const AT_START = new Set(["_initialize", "_start", "proxy_on_vm_start", "proxy_on_configure"]);

/** Reads a line of Envoy's; null for one that says nothing about the filter. */
export function entryOf(line: EnvoyLine, traps: TrapWatcher): Entry | null {
  const trap = traps.push(line);
  if (line.wasm !== null) {
    const { level, text: logged } = line.wasm;
    return { level, from: "filter", ...readLogPosition(logged) };
  }
  if (trap === null) return null;
  const { report } = trap;
  const effect = AT_START.has(report.callback)
    ? ""
    : "\n\nThis VM is gone: its requests get 503 until the next swap.";
  return {
    level: "critical",
    from: "envoy",
    text: formatTrap(report) + effect,
    place: report.place,
  };
}

/** The line as it would be without the positions that a build for development puts in. */
export function withoutPosition(line: EnvoyLine): EnvoyLine {
  if (line.wasm === null) return line;
  const { text, place } = readLogPosition(line.wasm.text);
  if (place === null) return line;
  const prefix = line.text.slice(0, line.text.length - line.wasm.text.length);
  const where = ` (${place.file}:${place.line}:${place.column})`;
  return { ...line, text: prefix + text + where, wasm: { ...line.wasm, text: text + where } };
}
