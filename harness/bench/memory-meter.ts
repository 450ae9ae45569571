// What one more VM of a module costs in resident memory, before traffic. Envoy has no statistic of
// it, so two short-lived Envoys run the module under one vm_id and under several: the difference in
// resident memory by the difference in VMs. What all VMs share (the compiled code, Envoy itself)
// cancels out. Of each vm_id Envoy keeps a VM in every thread and one more that it never starts;
// with several workers that one does not count for much.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { bootstrap, type WasmFilterSpec } from "../envoy/bootstrap.ts";
import { startEnvoy } from "../envoy/process.ts";

const WORKERS = 6;
/** In the smaller and in the larger Envoy. Modules can be large: this makes 24 VMs at most. */
const VM_IDS = { few: 1, many: 3 } as const;

/** Envoy's gauge of live VMs. */
const ACTIVE_VMS = "wasm.envoy.wasm.runtime.v8.active";

/** For the report: how it was measured. */
export const MEMORY_METHOD =
  `resident memory of an Envoy of ${WORKERS} workers with ${VM_IDS.many} vm_ids of the module minus ` +
  `that of one with ${VM_IDS.few}, by the difference in live VMs; before traffic`;

/** Bytes of resident memory that one more VM costs; null when they cannot be told. */
export async function memoryPerVm(
  binary: string,
  filter: WasmFilterSpec,
  signal: AbortSignal,
): Promise<number | null> {
  // At once: what is read is memory, which another Envoy beside it does not change.
  const [few, many] = await Promise.all(
    [VM_IDS.few, VM_IDS.many].map((vmIds) => residentWith(binary, filter, vmIds, signal)),
  );
  if (few === undefined || many === undefined) return null;
  const slope = (many.bytes - few.bytes) / (many.vms - few.vms);
  return Number.isFinite(slope) && slope > 0 ? Math.round(slope) : null;
}

async function residentWith(
  binary: string,
  filter: WasmFilterSpec,
  vmIds: number,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly vms: number }> {
  const filters = Array.from({ length: vmIds }, (_, i) => ({ ...filter, vmId: `memory-${i}` }));
  const upstream = { kind: "direct", status: 200, body: "" } as const;
  const spec = bootstrap({ listeners: [{ name: "memory", filters, upstream }], clusters: [] });
  const envoy = await startEnvoy({ binary, bootstrap: spec, concurrency: WORKERS, signal });
  try {
    const bytes = await settledResidentBytes(envoy.pid);
    return { bytes, vms: (await envoy.stats(ACTIVE_VMS)).get(ACTIVE_VMS) ?? NaN };
  } finally {
    await envoy.stop();
  }
}

/** Reads until two readings agree: after its start Envoy gives some memory back. */
async function settledResidentBytes(pid: number): Promise<number> {
  let last = await residentBytes(pid);
  for (let reading = 0; reading < 10; reading++) {
    await sleep(50);
    const next = await residentBytes(pid);
    if (Math.abs(next - last) < 65_536) return next;
    last = next;
  }
  return last;
}

async function residentBytes(pid: number): Promise<number> {
  if (process.platform === "linux") {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN);
  }
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return 1024 * Number(stdout.trim());
}
