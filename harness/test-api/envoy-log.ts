// What a filter and its Envoy have printed.
import type { FilterLogLine, FilterLogs } from "../../sdk/test-api/api.ts";
import { formatTrap } from "../../sdk/trap/index.ts";
import type { ModuleSources, TrapReport } from "../../sdk/trap/index.ts";
import { neverCame, within } from "../../sdk/test-api/waiting.ts";
import { formatLine } from "../envoy/lines.ts";
import type { EnvoyLine } from "../envoy/lines.ts";
import { TrapWatcher } from "../envoy/trap-watcher.ts";

export class EnvoyLog implements FilterLogs {
  traps: TrapReport[] = [];
  readonly #watcher: TrapWatcher;
  readonly #timeout: number;
  /** Since the filter was ready. */
  #all: EnvoyLine[] = [];
  readonly #waiting = new Set<(line: FilterLogLine) => void>();
  #lines: (FilterLogLine & { readonly plugin: string })[] = [];

  /** Of plugins of one module, by their names. */
  constructor(plugins: readonly string[], sources: ModuleSources | null, timeout: number) {
    this.#watcher = new TrapWatcher(new Map(plugins.map((name) => [name, sources])));
    this.#timeout = timeout;
  }

  /** Takes a line of Envoy's output. */
  readonly add = (line: EnvoyLine): void => {
    this.#all.push(line);
    const trap = this.#watcher.push(line);
    if (trap !== null) this.traps.push(trap.report);
    if (line.wasm === null) return;
    const { level, text, plugin } = line.wasm;
    const logged = { level, text, plugin };
    this.#lines.push(logged);
    for (const look of this.#waiting) look(logged);
  };

  /** Envoy configures each plugin in several VMs, each of which says the same: once is enough. */
  started(): void {
    this.#all = [];
    this.#lines = withoutRepetition(
      this.#lines,
      ({ plugin, level, text }) => `${plugin} ${level}: ${text}`,
    );
    this.traps = withoutRepetition(this.traps, formatTrap);
  }

  get lines(): readonly FilterLogLine[] {
    return this.#lines;
  }

  texts(level?: FilterLogLine["level"]): readonly string[] {
    return this.#lines
      .filter((line) => level === undefined || line.level === level)
      .map(({ text }) => text);
  }

  text(): string {
    return this.#lines.map(({ level, text }) => `${level}: ${text}\n`).join("");
  }

  async until(pattern: RegExp): Promise<FilterLogLine> {
    const found = this.#lines.find(({ text }) => pattern.test(text));
    if (found !== undefined) return found;
    let look: (line: FilterLogLine) => void = () => undefined;
    const came = new Promise<FilterLogLine>((resolve) => {
      look = (line) => {
        if (pattern.test(line.text)) resolve(line);
      };
      this.#waiting.add(look);
    });
    try {
      return await within(this.#timeout, came, () =>
        neverCame(
          `the filter has logged nothing that fits ${String(pattern)}, in ${this.#timeout} ms`,
          `It logged: ${this.text()}`,
        ),
      );
    } finally {
      this.#waiting.delete(look);
    }
  }

  /** The last lines that Envoy has printed, as people read them. */
  tail(count: number): readonly string[] {
    return this.#all.slice(-count).map(formatLine);
  }
}

function withoutRepetition<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
