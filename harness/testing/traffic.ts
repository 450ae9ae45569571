// Traffic as data: what a filter does with real requests, written once and run through any build
// of it.
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "../../sdk/compiler/build.ts";
import type { Stress } from "../../sdk/compiler/runtime-library.ts";
import { guardedFolder } from "../guarded-folder.ts";
import type { GuardedFolder } from "../guarded-folder.ts";
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

/**
 * Declares a test (`node:test`) for each case, in a real Envoy of its own. The module is made once,
 * by the first of them that runs.
 */
export function testTraffic(options: TrafficOptions): void {
  let made: Promise<Made> | null = null;
  after(async () => {
    // A build that failed has failed its tests, and left nothing.
    await made?.then(({ folder }) => folder.remove()).catch(() => undefined);
  });
  for (const [what, run] of Object.entries(options.traffic)) {
    test(what + (options.suffix ?? ""), async (t) => {
      const { module } = await (made ??= make(options));
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

interface Made {
  readonly folder: GuardedFolder;
  /** The path of the module, in the folder. */
  readonly module: string;
}

async function make({ filter, stress = {} }: TrafficOptions): Promise<Made> {
  const folder = await guardedFolder();
  try {
    if (typeof filter !== "string") return { folder, module: await filter(folder.path) };
    const out = join(folder.path, "filter.wasm");
    return { folder, module: (await build({ entry: filter, out, stress })).out };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
