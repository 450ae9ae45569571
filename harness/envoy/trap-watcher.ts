// The traps in Envoy's log, with their places in the filters' sources.
import { explainEnvoyTrap } from "../../sdk/trap/index.ts";
import type { ModuleSources, TrapReport } from "../../sdk/trap/index.ts";
import { trapOf } from "./failure.ts";
import type { EnvoyLine } from "./lines.ts";

/** A trap that Envoy has logged. */
export interface SeenTrap {
  /** Whose it is; null where there are several filters and none has said a last word. */
  readonly filter: string | null;
  readonly report: TrapReport;
}

/** Reads Envoy's lines as they come. */
export class TrapWatcher {
  readonly #sources: ReadonlyMap<string, ModuleSources | null>;
  /** The critical line that was logged last: an abort logs its message, and Envoy the trap behind it. */
  #lastWords: { readonly filter: string; readonly text: string } | null = null;

  /** `sources`: of each filter by its name, null for a module without a source map. */
  constructor(sources: ReadonlyMap<string, ModuleSources | null>) {
    this.#sources = sources;
  }

  /** The trap that the line reports; null for every other line. */
  push(line: EnvoyLine): SeenTrap | null {
    if (line.wasm?.level === "critical") {
      this.#lastWords = { filter: line.wasm.plugin, text: line.wasm.text };
      return null;
    }
    const trap = trapOf(line);
    if (trap === null) return null;
    const words = this.#lastWords;
    this.#lastWords = null;
    const [only] = this.#sources.size === 1 ? this.#sources.keys() : [];
    const filter = only ?? (words?.filter === "" ? null : (words?.filter ?? null));
    const sources = filter === null ? null : (this.#sources.get(filter) ?? null);
    return { filter, report: explainEnvoyTrap(trap, words?.text ?? null, sources) };
  }
}
