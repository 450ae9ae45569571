// Envoy's own output as data. Envoy runs with LOG_FORMAT and --log-format-escaped, so that each
// record is one line, whatever a filter logs: it can neither break a line nor fake a record.
import type { Bootstrap } from "./bootstrap.ts";
import type { LogLevel } from "./log-level.ts";
import type { PluginConfig } from "./wasm-plugin.ts";

export type { LogLevel } from "./log-level.ts";

/** What Envoy is told by --log-format. */
export const LOG_FORMAT = "[%l][%n] %v";

/** A line that a filter has logged. */
export interface WasmLogLine {
  readonly level: LogLevel;
  /** The filter's name; empty for what a module logs in `_initialize`, before it is a plugin. */
  readonly plugin: string;
  /** As the filter wrote it, line ends included. */
  readonly text: string;
}

/** A record of Envoy's log, or a line that it has printed without being asked to log. */
export interface EnvoyLine {
  /** Null for a line that is no record. */
  readonly level: LogLevel | null;
  /** Envoy's name for the part of it that speaks, for example `wasm`; empty for no record. */
  readonly component: string;
  readonly text: string;
  /** The same as a filter's words, when it is a filter that speaks. */
  readonly wasm: WasmLogLine | null;
}

const LEVELS: ReadonlyMap<string, LogLevel> = new Map([
  ["trace", "trace"],
  ["debug", "debug"],
  ["info", "info"],
  ["warning", "warn"],
  ["error", "error"],
  ["critical", "critical"],
]);
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Makes the parser for the lines of an Envoy that runs with this bootstrap, and these besides. */
export function lineParser(
  bootstrap: Bootstrap,
  discovered: readonly PluginConfig[] = [],
): (line: string) => EnvoyLine {
  const plugins = pluginPrefixes([...wasmPlugins(bootstrap), ...discovered]);
  return (line) => {
    const record = /^\[([a-z]+)\]\[([^\]]*)\] /.exec(line);
    const level = LEVELS.get(record?.[1] ?? "");
    if (record === null || level === undefined)
      return { level: null, component: "", text: line, wasm: null };
    const component = record[2] ?? "";
    const text = unescape(line.slice(record[0].length));
    for (const [prefix, plugin] of plugins) {
      if (component !== "wasm" || !text.startsWith(prefix)) continue;
      return { level, component, text, wasm: { level, plugin, text: text.slice(prefix.length) } };
    }
    return { level, component, text, wasm: null };
  };
}

/** Shows a line as a person reads it. */
export function formatLine(line: EnvoyLine): string {
  return line.level === null ? line.text : `[${line.level}][${line.component}] ${line.text}`;
}

/** The configurations of all Wasm filters, access loggers, stats sinks and services. */
function wasmPlugins(bootstrap: Bootstrap): PluginConfig[] {
  const { stats_sinks: sinks = [], bootstrap_extensions: services = [] } = bootstrap;
  const others = [...sinks, ...services].map(({ typed_config }) => typed_config.config);
  return [...others, ...listenerPlugins(bootstrap)];
}

/** Those of HTTP and of TCP listeners. */
function listenerPlugins(bootstrap: Bootstrap): PluginConfig[] {
  return bootstrap.static_resources.listeners
    .flatMap((listener) => listener.filter_chains)
    .flatMap((chain) => chain.filters)
    .map((filter) => filter.typed_config)
    .flatMap((config): readonly { readonly "@type": string; readonly config?: PluginConfig }[] => {
      const filters = "http_filters" in config ? config.http_filters : [];
      const loggers = "access_log" in config ? config.access_log : [];
      const inside = [...filters, ...loggers].flatMap((each) =>
        "typed_config" in each ? [each.typed_config] : [],
      );
      return inside.length > 0 ? inside : [config];
    })
    .flatMap(({ config }) => (config === undefined ? [] : [config]));
}

/**
 * What Envoy puts before a filter's words, with the filter's name: `wasm log ROOT_ID VM_ID: ` for a
 * root context, `wasm log NAME ROOT_ID VM_ID: ` for a stream, where an empty part is left out, and
 * `wasm log: ` before there is a plugin.
 */
function pluginPrefixes(plugins: readonly PluginConfig[]): ReadonlyMap<string, string> {
  const prefixes = new Map<string, string>();
  for (const { name, root_id, vm_config } of plugins) {
    const ids = [root_id, vm_config.vm_id].filter((id) => id !== "");
    for (const parts of [ids, [name, ...ids]]) {
      const prefix = `${["wasm log", ...parts].join(" ")}: `;
      if (!prefixes.has(prefix)) prefixes.set(prefix, name);
    }
  }
  if (!prefixes.has("wasm log: ")) prefixes.set("wasm log: ", "");
  return prefixes;
}

/** Undoes --log-format-escaped: C escapes, every byte beyond ASCII as three octal digits. */
function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes = text.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (SHORT_ESCAPES.get(code) ?? code),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const LINE_LIMIT = 64 * 1024;

/** Cuts a stream of text into lines. What a line has beyond 64 KiB is dropped. */
export class LineSplitter {
  #rest = "";
  #dropped = false;
  readonly #emit: (line: string) => void;

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  push(chunk: string): void {
    const lines = chunk.split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      this.#append(line);
      this.end();
    }
    this.#append(last);
  }

  /** Emits what is left when the stream has ended without a line end. */
  end(): void {
    const line = this.#dropped ? `${this.#rest} ...` : this.#rest;
    this.#rest = "";
    this.#dropped = false;
    if (line !== "") this.#emit(line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  #append(text: string): void {
    const room = LINE_LIMIT - this.#rest.length;
    if (text.length > room) this.#dropped = true;
    this.#rest += text.slice(0, room);
  }
}

/** The newest items, up to so many characters in all; the oldest are dropped in batches. */
export class Tail<Item> {
  readonly #items: Item[] = [];
  readonly #limit: number;
  readonly #sizeOf: (item: Item) => number;
  #size = 0;

  constructor(limit: number, sizeOf: (item: Item) => number) {
    this.#limit = limit;
    this.#sizeOf = sizeOf;
  }

  /** The live list: it changes as lines come. */
  get items(): readonly Item[] {
    return this.#items;
  }

  push(item: Item): void {
    this.#items.push(item);
    this.#size += this.#sizeOf(item);
    if (this.#size <= this.#limit) return;
    let kept = this.#items.length - 1;
    let size = this.#sizeOf(item);
    while (kept > 0) {
      const next = this.#items[kept - 1];
      if (next === undefined || size + this.#sizeOf(next) > this.#limit / 2) break;
      size += this.#sizeOf(next);
      kept--;
    }
    this.#items.splice(0, kept);
    this.#size = size;
  }
}
