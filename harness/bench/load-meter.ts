// How long it takes to load a module once. Envoy's check of a configuration loads its modules and
// ends; of two such checks, with few and with many vm_ids of the module, the difference in time by
// the difference in vm_ids leaves out Envoy's own start.
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "../../sdk/errors.ts";
import { bootstrap, type WasmFilterSpec } from "../envoy/bootstrap.ts";
import { guardedFolder } from "../guarded-folder.ts";
import { Random } from "./random.ts";
import type { Estimate } from "./report-parts.ts";
import { Resampling } from "./resampling.ts";
import { MIN_STARTS } from "./statistics.ts";

const VM_IDS = { few: 1, many: 9 } as const;
/** As many as an interval needs. */
const PAIRS = MIN_STARTS;

/** For the report: how it was measured. */
export const LOAD_METHOD =
  `time of \`envoy --mode validate\` with ${VM_IDS.many} vm_ids of the module minus that with ` +
  `${VM_IDS.few}, by the difference in vm_ids; ${PAIRS} pairs`;

/** Nanoseconds to compile, instantiate, start and configure the module. Fails with ERR_ENVOY_FAILED. */
export async function loadTime(
  binary: string,
  filter: WasmFilterSpec,
  seed: number,
  signal: AbortSignal,
): Promise<Estimate> {
  const times = new Float64Array(PAIRS);
  for (let pair = 0; pair < PAIRS; pair++) {
    const few = await checkWith(binary, filter, VM_IDS.few, signal);
    const many = await checkWith(binary, filter, VM_IDS.many, signal);
    times[pair] = ((many - few) * 1e6) / (VM_IDS.many - VM_IDS.few);
  }
  // Each pair is a block of its own, as a start is.
  const resampling = new Resampling(
    Array.from(times, () => 1),
    new Random(seed),
  );
  return resampling.estimate(resampling.middle(times));
}

/** Milliseconds that a check takes. */
async function checkWith(
  binary: string,
  filter: WasmFilterSpec,
  vmIds: number,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted();
  const folder = await guardedFolder();
  try {
    const filters = Array.from({ length: vmIds }, (_, i) => ({ ...filter, vmId: `load-${i}` }));
    const upstream = { kind: "direct", status: 200, body: "" } as const;
    const spec = bootstrap({ listeners: [{ name: "load", filters, upstream }], clusters: [] });
    const file = join(folder.path, "envoy.json");
    await writeFile(file, JSON.stringify(spec));
    const start = performance.now();
    const child = spawn(binary, ["--mode", "validate", "-c", file, "--log-level", "critical"], {
      cwd: folder.path,
      detached: true,
      stdio: "ignore",
    });
    if (child.pid !== undefined) folder.watch(child.pid);
    const onAbort = (): void => void child.kill("SIGKILL");
    signal.addEventListener("abort", onAbort);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    signal.removeEventListener("abort", onAbort);
    signal.throwIfAborted();
    if (code === 0) return performance.now() - start;
    throw new ToolError(
      "ERR_ENVOY_FAILED",
      `Envoy's check of its configuration ended with ${code}`,
    );
  } finally {
    await folder.remove();
  }
}
