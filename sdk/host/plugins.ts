// The plugins of a host, each on every thread that is to have it.
import { createHash } from "node:crypto";
import { bytesOf } from "./bytes.ts";
import type { RootContext } from "./contexts/root-context.ts";
import type { HostServices } from "./host-services.ts";
import { loadModule } from "./module.ts";
import type { FurtherPlugin, HostOptions, PluginInit, PluginRole } from "./options.ts";
import { Plugin } from "./plugin.ts";
import type { PluginOptions } from "./plugin.ts";
import type { PropertySource } from "./properties.ts";
import type { Statistics } from "./statistics.ts";
import { Thread } from "./thread.ts";

const DEFAULT_RELOAD_BACKOFF_MS = 1000;
const DEFAULT_TIME_LIMIT_MS = 1000;

/** Makes what a plugin's VM on a thread works with. */
export type MakeServices = (thread: Thread, plugin: PluginInit) => HostServices;

interface Installed {
  readonly init: PluginInit;
  readonly role: PluginRole;
  readonly name: string;
  readonly onThreads: ReadonlyMap<Thread, Plugin>;
}

export class Plugins {
  readonly workers: readonly Thread[];
  /** The main thread, where there is one. */
  readonly main: Thread | null;
  readonly #installed: readonly Installed[];

  /** Loads and configures them all, as Envoy does: the order of workers is `random`'s. */
  constructor(options: HostOptions, makeServices: MakeServices, random: () => number) {
    const { plugins = [], workers } = options;
    this.workers = Array.from({ length: workers ?? 1 }, (_, index) => new Thread(index));
    this.main = workers === undefined ? null : new Thread(null);
    const all: readonly FurtherPlugin[] = [{ ...options, role: "filter" }, ...plugins];
    this.#installed = all.map((init, index) => {
      const name = init.name ?? (index === 0 ? "filter" : `plugin-${index + 1}`);
      const wasm = init.wasm ?? options.wasm;
      const module = loadModule(wasm);
      const made = pluginOptions(init, name, wasm, options.timeLimit);
      const on = (thread: Thread): Plugin =>
        new Plugin(makeServices(thread, init), thread.vms, module, made);
      // Where it is tried first, nothing of it stays.
      if (this.main !== null) on(new Thread(null)).root.stop();
      const onThreads = new Map<Thread, Plugin>();
      for (const thread of this.#threadsOf(init, random)) onThreads.set(thread, on(thread));
      return { init, name, role: init.role ?? "filter", onThreads };
    });
  }

  /** Every thread. */
  get threads(): readonly Thread[] {
    return this.main === null ? this.workers : [this.main, ...this.workers];
  }

  /** The first, on the first worker. */
  get first(): Plugin {
    return this.#on(this.#installed[0], this.workers[0]);
  }

  /** The root context for a stream through the plugin of that name, and what it was made of. */
  forStream(
    name: string | undefined,
    thread: Thread,
  ): { readonly root: RootContext | null; readonly init: PluginInit } {
    const named = ({ name: own, role }: Installed): boolean => role === "filter" && own === name;
    const found = name === undefined ? this.#installed[0] : this.#installed.find(named);
    return {
      root: this.#on(found, thread, name).rootForStream(),
      init: found?.init ?? {},
    };
  }

  /** Tells the access loggers of a worker of a stream that is over. */
  log(thread: Thread, source: PropertySource): void {
    for (const { onThreads, role } of this.#installed) {
      if (role === "access-log") onThreads.get(thread)?.root.log(source);
    }
  }

  /** Hands the statistics to the stats sinks; `take` makes them, where there is a sink. */
  flushStatistics(take: () => Statistics): void {
    const sinks = this.#installed.filter(({ role }) => role === "stats-sink");
    if (sinks.length === 0) return;
    const statistics = take();
    for (const { onThreads } of sinks) {
      for (const { root } of onThreads.values()) root.flushStatistics(statistics);
    }
  }

  /** Ends them all. */
  close(): void {
    for (const { onThreads } of this.#installed) {
      for (const plugin of onThreads.values()) plugin.close();
    }
  }

  #on(
    installed: Installed | undefined,
    thread: Thread | undefined,
    name: string | undefined = installed?.name,
  ): Plugin {
    const plugin = thread === undefined ? undefined : installed?.onThreads.get(thread);
    if (plugin === undefined) throw new Error(`the host has no filter of the name ${name ?? ""}`);
    return plugin;
  }

  #threadsOf({ role, singleton }: FurtherPlugin, random: () => number): readonly Thread[] {
    const first = this.main ?? this.workers[0];
    const once = role === "stats-sink" || (role === "service" && singleton === true);
    if (once && first !== undefined) return [first];
    const ordered = this.workers
      .map((thread) => ({ thread, at: this.workers.length > 1 ? random() : 0 }))
      .sort((one, other) => one.at - other.at)
      .map(({ thread }) => thread);
    return this.main === null ? ordered : [this.main, ...ordered];
  }
}

function pluginOptions(
  init: PluginInit,
  name: string,
  wasm: Uint8Array,
  timeLimit = DEFAULT_TIME_LIMIT_MS,
): PluginOptions {
  const vmId = init.vmId ?? name;
  const code = createHash("sha256").update(wasm).digest("hex");
  const vmConfiguration = Buffer.from(bytesOf(init.vmConfiguration ?? "")).toString("latin1");
  return {
    identity: { name, rootId: init.rootId ?? "", vmId },
    configuration: bytesOf(init.configuration ?? ""),
    vmKey: JSON.stringify([vmId, vmConfiguration, code]),
    failurePolicy: init.failurePolicy ?? "FAIL_CLOSED",
    reloadBackoff: init.reloadBackoff ?? DEFAULT_RELOAD_BACKOFF_MS,
    timeLimit,
  };
}
