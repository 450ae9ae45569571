// The whole of `bench`: get the filters and Envoy, measure, and put the report together.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import type { Io } from "../../sdk/cli/command.ts";
import { messageOf, ToolError } from "../../sdk/errors.ts";
import { inspectModule } from "../../sdk/inspect/inspect.ts";
import { packageVersion } from "../../sdk/package-root.ts";
import { readConfiguration } from "../cli/configuration.ts";
import type { WasmFilterSpec } from "../envoy/bootstrap.ts";
import { locateEnvoy, type LocatedEnvoy } from "../envoy/locate.ts";
import { guardedFolder } from "../guarded-folder.ts";
import { resolveModule } from "../module.ts";
import { analyse, CONFIDENCE, RESAMPLES } from "./analysis.ts";
import { requestBytes } from "./connection.ts";
import { measure } from "./measure.ts";
import { BASE, BURST, CONTROL, KEPT, type Measurement } from "./measurement.ts";
import { MEMORY_METHOD, memoryPerVm } from "./memory-meter.ts";
import { notesOn } from "./notes.ts";
import type { BenchOptions, LabelledFilter } from "./options.ts";
import { Progress } from "./progress.ts";
import type { BenchReport, FilterReport } from "./report.ts";

/**
 * Measures. Fails with what resolveModule, locateEnvoy and measure fail with, and with the reason of
 * the signal when that is aborted. Nothing is left behind.
 */
export async function bench(options: BenchOptions, io: Io): Promise<BenchReport> {
  const progress = new Progress(io);
  const folder = await guardedFolder();
  try {
    const filters = await resolveFilters(options.filters, folder.path, (name) => {
      io.signal.throwIfAborted();
      progress.show(`preparing ${name}`);
    });
    const baseline = chooseBaseline(filters, options.baseline);
    const modules = await Promise.all(
      filters.map(({ module }, i) => moduleReport(module, options.filters[i]?.filter ?? module)),
    );
    const envoy = await locateEnvoy({
      path: options.envoy,
      progress: (text) => {
        progress.show(text);
      },
      signal: io.signal,
    });

    const startedAt = new Date();
    progress.show(`starting Envoy ${envoy.version}`);
    const plan = { ...options, filters };
    const measurement = await measure(envoy.path, plan, io.signal, (phase, done) => {
      progress.show(`measuring: ${phase}`, done);
    });
    const memory: MemoryReading[] = [];
    for (const [i, filter] of filters.entries()) {
      progress.show("measuring: memory", i / filters.length);
      memory.push(await readMemory(envoy.path, filter, io.signal));
    }
    progress.show("evaluating");
    return assemble({ options, measurement, baseline, modules, memory, envoy, startedAt });
  } finally {
    progress.end();
    await folder.remove();
  }
}

async function resolveFilters(
  given: readonly LabelledFilter[],
  folder: string,
  onStart: (name: string) => void,
): Promise<readonly WasmFilterSpec[]> {
  const filters: WasmFilterSpec[] = [];
  const taken = new Set<string>([BASE, CONTROL]);
  for (const { label, filter, config } of given) {
    onStart(label ?? filter);
    const { name, path, configuration: byDefault } = await resolveModule(filter, folder);
    const configuration = config === null ? byDefault : await readConfiguration(config);
    filters.push({
      name: distinct(label ?? name, taken),
      module: path,
      ...(configuration === undefined ? {} : { configuration }),
    });
  }
  return filters;
}

/** The name, or with a number behind it when it is taken; takes it. */
function distinct(name: string, taken: Set<string>): string {
  let free = name;
  for (let nth = 2; taken.has(free); nth++) free = `${name}-${nth}`;
  taken.add(free);
  return free;
}

function chooseBaseline(filters: readonly WasmFilterSpec[], wanted: string | undefined): string {
  const names = filters.map(({ name }) => name);
  const baseline = wanted ?? names[0] ?? "";
  if (names.includes(baseline)) return baseline;
  throw new ToolError("ERR_USAGE", `--baseline ${baseline} is none of the filters`, {
    hint: `they are called ${names.join(", ")}; name one yourself by NAME=FILTER`,
  });
}

/** @param argument What the user called it. */
async function moduleReport(path: string, argument: string): Promise<FilterReport["module"]> {
  const bytes = await readFile(path);
  return {
    argument,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    initialMemoryPages: inspectModule(bytes, argument).memories[0]?.initialPages ?? null,
  };
}

interface MemoryReading {
  readonly bytesPerVm: number | null;
  /** Why there is none. */
  readonly note: string | null;
}

/** Half a minute of other numbers shall not be lost because a module's VMs do not fit the memory. */
async function readMemory(
  binary: string,
  filter: WasmFilterSpec,
  signal: AbortSignal,
): Promise<MemoryReading> {
  try {
    return { bytesPerVm: await memoryPerVm(binary, filter, signal), note: null };
  } catch (error) {
    signal.throwIfAborted();
    const note = `the memory of ${filter.name} could not be measured: ${messageOf(error)}`;
    return { bytesPerVm: null, note };
  }
}

function assemble(parts: {
  readonly options: BenchOptions;
  readonly measurement: Measurement;
  readonly baseline: string;
  /** Of each filter, in their order; so is the memory. */
  readonly modules: readonly FilterReport["module"][];
  readonly memory: readonly MemoryReading[];
  readonly envoy: LocatedEnvoy;
  readonly startedAt: Date;
}): BenchReport {
  const { options, measurement, baseline, modules, memory, envoy, startedAt } = parts;
  const analysis = analyse(measurement, baseline, options.seed);
  return {
    schema: 1,
    tool: { name: "as-proxy-wasm", version: packageVersion() },
    startedAt: startedAt.toISOString(),
    durationSeconds: (Date.now() - startedAt.getTime()) / 1000,
    environment: {
      envoyVersion: envoy.version,
      envoySource: envoy.source,
      nodeVersion: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      cpuModel: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      workers: 1,
    },
    method: {
      seed: options.seed,
      rounds: measurement.rounds,
      burstRequests: BURST.requests,
      burstDropped: BURST.dropped,
      warmUpRequests: measurement.warmUpRequests,
      measuredRequests: measurement.rounds * KEPT,
      request: {
        path: options.request.path,
        headerNames: options.request.headers.map(([name]) => name),
        bytes: requestBytes(options.request).length,
      },
      clientRatePerSecond: measurement.clientRatePerSecond,
      clientRounds: measurement.clientRounds,
      clientMeasuredRequests: measurement.clientRounds * KEPT,
      memory: MEMORY_METHOD,
      confidence: CONFIDENCE,
      bootstrapResamples: RESAMPLES,
      baseline,
    },
    noiseFloor: analysis.noiseFloor,
    base: analysis.base,
    control: analysis.control,
    filters: analysis.filters.map((filter, i) => {
      const module = modules[i];
      if (module === undefined) throw new Error(`nothing is known of the module ${filter.name}`);
      return { ...filter, module, memoryPerVmBytes: memory[i]?.bytesPerVm ?? null };
    }),
    notes: [
      ...notesOn(measurement, analysis),
      ...memory.flatMap(({ note }) => (note === null ? [] : [note])),
    ],
  };
}
