// What a real Envoy says to a module, without traffic: by `envoy --mode validate` to one, which may
// crash it; by a listener each to many, of which none may.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { bootstrap } from "../../harness/envoy/bootstrap.ts";
import type { ListenerSpec } from "../../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { startEnvoy } from "../../harness/envoy/process.ts";
import { temporaryFolder } from "../../sdk/testing/temporary-folder.ts";

/** How it ends when Envoy loads a module, and starts a plugin in it. */
export type Verdict = "takes" | "refuses" | "crashes";

/** The words by which Envoy refuses a module, and not the rest of its configuration. */
const REFUSAL = "Unable to create Wasm plugin";

const TIMEOUT_MS = 60_000;

/** Has an Envoy of its own load the module and start a plugin in it. */
export async function validate(t: TestContext, module: Uint8Array): Promise<Verdict> {
  const { path } = await locateEnvoy();
  const folder = await temporaryFolder(t);
  const listener = await listenerFor(folder, "filter", module);
  const configuration = join(folder, "envoy.json");
  await writeFile(
    configuration,
    JSON.stringify(bootstrap({ listeners: [listener], clusters: [] })),
  );
  return new Promise((resolve, reject) => {
    execFile(
      path,
      ["--mode", "validate", "-c", configuration],
      // Where a crash leaves a core file, it is in the folder.
      { cwd: folder, timeout: TIMEOUT_MS, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (error === null) resolve("takes");
        else if (error.code === 1 && stderr.includes(REFUSAL)) resolve("refuses");
        else if (!error.killed && typeof error.signal === "string") resolve("crashes");
        else reject(new Error(`this says nothing of the module:\n${stdout}${stderr}`));
      },
    );
  });
}

/**
 * Has one Envoy load all of the modules, each in a listener that it is offered, and start a plugin in
 * each; says by their names whether it took them. None of them may crash it.
 */
export async function offer(
  t: TestContext,
  modules: ReadonlyMap<string, Uint8Array>,
): Promise<ReadonlyMap<string, Verdict>> {
  const { path: binary } = await locateEnvoy();
  const folder = await temporaryFolder(t);
  const names = [...modules.keys()];
  const listeners = await Promise.all(
    [...modules.values()].map((module, index) => listenerFor(folder, String(index), module)),
  );
  const type = "type.googleapis.com/envoy.config.listener.v3.Listener";
  const discovered = join(folder, "listeners.json");
  const resources = bootstrap({ listeners, clusters: [] }).static_resources.listeners.map(
    (listener) => ({ "@type": type, ...listener }),
  );
  await writeFile(discovered, JSON.stringify({ resources }));
  const dynamic = {
    ...bootstrap({ listeners: [], clusters: [] }),
    node: { id: "test", cluster: "test" },
    dynamic_resources: { lds_config: { path_config_source: { path: discovered } } },
  };
  const envoy = await startEnvoy({ binary, bootstrap: dynamic, startTimeout: TIMEOUT_MS });
  t.after(() => envoy.stop());
  const dump = JSON.parse(
    await envoy.admin("/config_dump?resource=dynamic_listeners"),
  ) as ListenersDump;
  const verdicts = new Map<string, Verdict>();
  for (const { name, active_state, error_state } of dump.configs) {
    if (name === undefined) continue; // an error is in the dump a second time, without a name
    if (error_state !== undefined) assert.match(error_state.details, new RegExp(REFUSAL));
    else assert.ok(active_state, `listener ${name} is neither active nor refused`);
    verdicts.set(names[Number(name)] ?? "", error_state === undefined ? "takes" : "refuses");
  }
  assert.equal(verdicts.size, modules.size, "Envoy says something of every module");
  await envoy.stop();
  return verdicts;
}

interface ListenersDump {
  readonly configs: readonly {
    readonly name?: string;
    readonly active_state?: object;
    readonly error_state?: { readonly details: string };
  }[];
}

/** A listener whose one filter is the module, written into the folder. */
async function listenerFor(
  folder: string,
  name: string,
  module: Uint8Array,
): Promise<ListenerSpec> {
  const path = join(folder, `${name}.wasm`);
  await writeFile(path, module);
  return {
    name,
    filters: [{ name, module: path }],
    upstream: { kind: "direct", status: 200, body: "" },
  };
}
