// Traffic as data: what a filter does with real requests, written once and run through any build
// of it.
import { join } from "node:path";
import { test } from "node:test";
import { build } from "../../sdk/compiler/build.ts";
import type { Stress } from "../../sdk/compiler/runtime-library.ts";
import { guardedFolder } from "../guarded-folder.ts";
import { startProxy } from "../proxy.ts";
import type { Proxy } from "../proxy.ts";

/** By what the case shows: sends requests through a fresh Envoy, and throws when an answer is off. */
export type Traffic = Readonly<Record<string, (proxy: Proxy) => Promise<void>>>;

export interface TrafficOptions {
  /** The filter's file or folder, relative to the current folder; or what makes its module. */
  readonly filter: string | ((folder: string) => Promise<string>);
  /** The plugin's configuration. */
  readonly configuration?: string;
  readonly traffic: Traffic;
  /** For the SDK's own tests: builds that make faults of memory handling show. */
  readonly stress?: Stress;
  /** Put behind the name of each test. */
  readonly suffix?: string;
}

/** Declares a test (`node:test`) for each case, in a real Envoy of its own. */
export function testTraffic(options: TrafficOptions): void {
  for (const [what, run] of Object.entries(options.traffic)) {
    test(what + (options.suffix ?? ""), async (t) => {
      const folder = await guardedFolder();
      t.after(() => folder.remove());
      const module =
        typeof options.filter === "string"
          ? await buildInto(folder.path, options.filter, options.stress)
          : await options.filter(folder.path);
      const proxy = await startProxy({
        filters: [
          {
            name: "filter",
            module,
            ...(options.configuration === undefined
              ? {}
              : { configuration: options.configuration }),
          },
        ],
      });
      t.after(() => proxy.stop());
      await run(proxy);
    });
  }
}

async function buildInto(folder: string, entry: string, stress: Stress = {}): Promise<string> {
  return (await build({ entry, out: join(folder, "filter.wasm"), stress })).out;
}
