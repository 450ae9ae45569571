// Why an Envoy did not start, in words for people: Envoy's own text names the cause somewhere, but
// says "Unable to create Wasm plugin" in the end whatever it was.
import { ToolError } from "../../sdk/errors.ts";
import { formatLine, type EnvoyLine } from "./lines.ts";

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A trap, as Envoy logs it. */
export interface Trap {
  /** The callback, for example `proxy_on_request_headers`. */
  readonly callback: string;
  /** V8's words, for example `Uncaught RuntimeError: unreachable`. */
  readonly reason: string;
  /** V8's stack within the module, if the module has names; else empty. */
  readonly backtrace: string;
}

/** Reads a line as the trap that it reports, or answers null. */
export function trapOf(line: EnvoyLine): Trap | null {
  if (line.component !== "wasm" || line.wasm !== null) return null;
  const found = /^Function: (\S+) failed: ([^\n]*)(?:\n([^]*))?$/.exec(line.text);
  if (found === null) return null;
  return { callback: found[1] ?? "", reason: found[2] ?? "", backtrace: found[3] ?? "" };
}

/** The error for an Envoy that has ended before it was ready. */
export function startFailure(lines: readonly EnvoyLine[], end: ProcessEnd): ToolError {
  const detail = relevant(lines).map(formatLine).join("\n");
  const texts = lines.filter((line) => line.wasm === null).map((line) => line.text);
  const port = firstMatch(texts, /cannot bind '[^']*?:(\d+)': Address already in use/)?.[1];
  if (port !== undefined) {
    return new ToolError("ERR_PORT_TAKEN", `port ${port} is in use by another process`, {
      hint: "choose another port, or leave it out to take a free one",
      detail,
    });
  }
  return (
    filterRefusal(lines) ??
    new ToolError("ERR_ENVOY_FAILED", `Envoy ended while starting (${describeEnd(end)})`, {
      hint: "Envoy's own words say why",
      detail,
    })
  );
}

/** The error for a filter that Envoy did not take, at its start or later; null if it took all. */
export function filterRefusal(lines: readonly EnvoyLine[]): ToolError | null {
  const texts = lines.filter((line) => line.wasm === null).map((line) => line.text);
  const plugin = firstMatch(
    texts,
    /(?:^Plugin (.*) failed to load$|Unable to create Wasm plugin ([^`\n]*))/,
  );
  if (plugin === null) return null;
  const detail = relevant(lines).map(formatLine).join("\n");
  return refusal(plugin[1] ?? plugin[2] ?? "", lines, texts, detail);
}

/** How a process ended, in words. */
export function describeEnd(end: ProcessEnd): string {
  return end.signal === null ? `exit code ${end.code ?? "unknown"}` : `signal ${end.signal}`;
}

function refusal(
  plugin: string,
  lines: readonly EnvoyLine[],
  texts: readonly string[],
  detail: string,
): ToolError {
  const trap = lines.map(trapOf).find((found) => found !== null);
  if (trap !== undefined) {
    return new ToolError(
      "ERR_FILTER_TRAPPED",
      `the filter ${plugin} trapped at start, in ${trap.callback}`,
      {
        hint: "its last log line usually names the cause; build it with --debug for the names of the functions",
        detail,
      },
    );
  }
  if (firstMatch(texts, /^Failed to create new Wasm instance/) !== null) {
    return new ToolError(
      "ERR_FILTER_TRAPPED",
      `the filter ${plugin} trapped at start, in its start section`,
      {
        hint: "build it with `as-proxy-wasm build`, which puts top-level code where Envoy lets it run",
        detail,
      },
    );
  }
  for (const [pattern, message, hint] of REFUSALS) {
    const found = firstMatch(texts, pattern);
    if (found === null) continue;
    return new ToolError("ERR_FILTER_REFUSED", message(plugin, found[1] ?? ""), { hint, detail });
  }
  return new ToolError("ERR_FILTER_REFUSED", `Envoy refused the filter ${plugin}`, {
    hint: "Envoy's own words say why",
    detail,
  });
}

type Refusal = readonly [
  pattern: RegExp,
  message: (plugin: string, cause: string) => string,
  hint: string,
];

const REFUSALS: readonly Refusal[] = [
  [
    /missing import: (\S+)/,
    (plugin, cause) => `the filter ${plugin} imports ${cause}, which Envoy does not have`,
    "build it with `as-proxy-wasm build`, which refuses such an import and says where it comes from",
  ],
  [
    /import type mismatch: ([^\s,]+)/,
    (plugin, cause) => `the filter ${plugin} imports ${cause} with other parameters than Envoy's`,
    "check the declaration against the Proxy-Wasm ABI",
  ],
  [
    /Missing or unknown Proxy-Wasm ABI version/,
    (plugin) => `the filter ${plugin} exports no Proxy-Wasm ABI version that Envoy knows`,
    "export proxy_abi_version_0_2_1; is this a Proxy-Wasm module?",
  ],
  [
    /Failed to parse corrupted Wasm module/,
    (plugin) => `the filter ${plugin} is no valid WebAssembly module`,
    "rebuild it; `as-proxy-wasm inspect` shows what the file holds",
  ],
  [
    /Failed to configure base Wasm plugin/,
    (plugin) => `the filter ${plugin} refused its configuration`,
    "its onConfigure answered false; what it logged says why",
  ],
  [
    /Failed to start base Wasm/,
    (plugin) => `the filter ${plugin} refused to start`,
    "its proxy_on_vm_start answered false; what it logged says why",
  ],
];

function firstMatch(texts: readonly string[], pattern: RegExp): RegExpExecArray | null {
  for (const text of texts) {
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  return null;
}

/** The lines worth showing: no repetition (a module starts several times), no general advice. */
function relevant(lines: readonly EnvoyLine[]): readonly EnvoyLine[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const text = formatLine(line);
    if (seen.has(text) || NOISE.test(line.text)) return false;
    seen.add(text);
    return true;
  });
}

// The third repeats the line after it, with a dump of the configuration file's name.
const NOISE =
  /^There is no configured limit to|^caught ENVOY_SIG|^error `[^]*` initializing config /;
