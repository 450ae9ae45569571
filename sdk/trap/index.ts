// From a trap to the line of the filter that caused it, for the in-process host and for Envoy alike.
import { readFile } from "node:fs/promises";
import type { VmFailure } from "../host/vm.ts";
import { explainTrap } from "./explain.ts";
import type { RawTrap, TrapReport } from "./explain.ts";
import { framesOfBacktrace, framesOfStack } from "./frames.ts";
import type { WasmFrame } from "./frames.ts";
import { ModuleSources } from "./source-map.ts";

export { formatTrap, trapAsError } from "./explain.ts";
export type { TrapFrame, TrapReport } from "./explain.ts";
export { ModuleSources } from "./source-map.ts";

/**
 * The sources of a module that was built with a source map, which lies beside it as `<module>.map`;
 * null where there is none, or none that can be read.
 */
export async function sourcesOf(module: string): Promise<ModuleSources | null> {
  try {
    return new ModuleSources(await readFile(module), await readFile(`${module}.map`, "utf8"));
  } catch {
    // A trap without its line is better than a fault of ours in its place.
    return null;
  }
}

/** Explains what ended a VM of the in-process host. */
export function explainHostTrap(
  { callback, reason, lastWords, cause }: VmFailure,
  sources: ModuleSources | null,
): TrapReport {
  const stack = cause instanceof Error ? (cause.stack ?? "") : "";
  return explainTrap({ callback, reason, ...abortOf(framesOfStack(stack), lastWords) }, sources);
}

/** Explains a trap as Envoy logs it. `lastWords`: what the filter last logged as critical. */
export function explainEnvoyTrap(
  trap: { readonly callback: string; readonly reason: string; readonly backtrace: string },
  lastWords: string | null,
  sources: ModuleSources | null,
): TrapReport {
  const { callback, reason, backtrace } = trap;
  return explainTrap(
    { callback, reason, ...abortOf(framesOfBacktrace(backtrace), lastWords) },
    sources,
  );
}

/** Tells an abort, which assembly/runtime/abort.ts logs before it traps, by the function that trapped. */
export function abortOf(
  frames: readonly WasmFrame[],
  lastWords: string | null,
): Pick<RawTrap, "frames" | "abort"> {
  const isAbort = frames[0]?.name.endsWith("/runtime/abort/abort") ?? false;
  return isAbort ? { frames: frames.slice(1), abort: lastWords } : { frames, abort: null };
}
