// The whole of `bench`: get the filters and Envoy, measure, and put the report together.
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import type { Io } from "../../sdk/cli/command.ts";
import { messageOf } from "../../sdk/errors.ts";
import { packageVersion } from "../../sdk/package-root.ts";
import { locateEnvoy, type LocatedEnvoy } from "../envoy/locate.ts";
import { guardedFolder } from "../guarded-folder.ts";
import { analyse } from "./analysis.ts";
import { checkBudgets } from "./budgets.ts";
import { countRequest, type Counted } from "./counts.ts";
import { chooseBaseline, resolveFilters, type BenchFilter } from "./filters.ts";
import { loadListeners, loadToolVersion } from "./load.ts";
import { LOAD_METHOD, loadTime } from "./load-meter.ts";
import { measure } from "./measure.ts";
import { burstRounds, COLD_BURST, keptOf, type Measurement } from "./measurement.ts";
import { MEMORY_METHOD, memoryPerVm } from "./memory-meter.ts";
import { notesOn } from "./notes.ts";
import type { BenchOptions } from "./options.ts";
import { Progress } from "./progress.ts";
import type { Estimate, LoadReport, SweepReport } from "./report-parts.ts";
import type { BenchReport } from "./report.ts";
import { requestBytes } from "./request.ts";
import { RESAMPLES, UNKNOWN } from "./resampling.ts";
import { Salvage } from "./salvage.ts";
import { CONFIDENCE } from "./student.ts";
import { runSweep } from "./sweep.ts";

/** A report, and what ended the run early: to be told once the report is safe. */
export interface BenchResult {
  readonly report: BenchReport;
  readonly endedBy: Error | null;
}

/**
 * Measures. Fails with what resolveFilters, locateEnvoy and measure fail with, and with the reason of
 * the signal when that is aborted before there is anything to report. No process and no temporary
 * file is left behind.
 */
export async function bench(options: BenchOptions, io: Io): Promise<BenchResult> {
  const progress = new Progress(io);
  const folder = await guardedFolder();
  const show = (phase: string, done?: number): void => {
    progress.show(phase, done);
  };
  try {
    const filters = await resolveFilters(options, folder.path, (name) => {
      io.signal.throwIfAborted();
      show(`preparing ${name}`);
    });
    const baseline = chooseBaseline(filters, options.baseline);
    const counts = await Promise.all(filters.map((one) => countRequest(one, options.traffic)));
    const envoy = await locateEnvoy({ path: options.envoy, progress: show, signal: io.signal });

    const { load } = options;
    const loadVersion =
      load === null ? "" : await loadToolVersion(load, options.traffic, io.signal);
    const startedAt = new Date();
    show(`starting Envoy ${envoy.version}`);
    const plan = { ...options, filters };
    const run = await measure(envoy.path, plan, io.signal, (phase, done) => {
      show(`measuring: ${phase}`, done);
    });
    const salvage = new Salvage(run.endedBy, run.endedEarly, io.signal);
    const extras: Extra[] = [];
    for (const [i, filter] of filters.entries()) {
      show("measuring: memory and loading", i / filters.length);
      extras.push(await extraOf(envoy.path, filter, options.seed, salvage));
    }
    const sweeps: SweepReport[] = [];
    for (const sweep of options.sweeps) {
      if (salvage.isOver) break;
      const { report, endedBy } = await runSweep(
        envoy.path,
        plan,
        sweep,
        io.signal,
        (what, done) => {
          show(`sweeping: ${what}`, done);
        },
      );
      sweeps.push(report);
      if (endedBy !== null) salvage.end(endedBy, `the sweep of ${sweep.dimension}`);
    }
    let loads: readonly LoadReport[] = [];
    if (load !== null && !salvage.isOver) {
      loads = await loadListeners(envoy.path, plan, load, loadVersion, io.signal, show).catch(
        (error: unknown) => {
          salvage.end(error, `the load by ${load}`);
          return [];
        },
      );
    }
    show("evaluating");
    const { measurement } = run;
    const report = assemble({
      options,
      measurement,
      baseline,
      filters,
      counts,
      extras,
      sweeps,
      loads,
      envoy,
      startedAt,
      endedEarly: salvage.text,
    });
    return { report, endedBy: salvage.endedBy };
  } finally {
    progress.end();
    await folder.remove();
  }
}

/** What other Envoys tell of a module. */
interface Extra {
  readonly memoryPerVmBytes: number | null;
  readonly loadTimeNs: Estimate;
  /** Why there is none. */
  readonly notes: readonly string[];
}

/** Half a minute of other numbers shall not be lost because a module's VMs do not fit the memory. */
async function extraOf(
  binary: string,
  filter: BenchFilter,
  seed: number,
  salvage: Salvage,
): Promise<Extra> {
  const notes: string[] = [];
  const noted = async <Value>(what: string, read: () => Promise<Value>, otherwise: Value) => {
    if (salvage.isOver) return otherwise;
    try {
      return await read();
    } catch (error) {
      if (salvage.signal.aborted) salvage.end(error, what);
      else notes.push(`${what} of ${filter.name} could not be measured: ${messageOf(error)}`);
      return otherwise;
    }
  };
  return {
    memoryPerVmBytes: await noted(
      "the memory",
      () => memoryPerVm(binary, filter, salvage.signal),
      null,
    ),
    loadTimeNs: await noted(
      "the time to load",
      () => loadTime(binary, filter, seed, salvage.signal),
      UNKNOWN,
    ),
    notes,
  };
}

function assemble(parts: {
  readonly options: BenchOptions;
  readonly measurement: Measurement;
  readonly baseline: string;
  readonly filters: readonly BenchFilter[];
  /** Of each filter, in their order; so are the extras. */
  readonly counts: readonly Counted[];
  readonly extras: readonly Extra[];
  readonly sweeps: readonly SweepReport[];
  readonly loads: readonly LoadReport[];
  readonly envoy: LocatedEnvoy;
  readonly startedAt: Date;
  readonly endedEarly: string | null;
}): BenchReport {
  const { options, measurement, baseline, counts, extras, startedAt } = parts;
  const references = options.budgets.map(({ reference }) => reference);
  const analysis = analyse(measurement, baseline, options.seed, [...new Set(references)]);
  const filters = analysis.filters.map((filter, i) => {
    const [given, extra] = [parts.filters[i], extras[i]];
    if (given === undefined || extra === undefined) throw new Error(`nothing of ${filter.name}`);
    const { memoryPerVmBytes, loadTimeNs } = extra;
    const module = given.report;
    return { ...filter, module, memoryPerVmBytes, loadTimeNs, counts: counts[i]?.counts ?? null };
  });
  const judged = filters.filter((_, i) => parts.filters[i]?.compared === false);
  return {
    schema: 1,
    kind: "filters",
    tool: { name: "as-proxy-wasm", version: packageVersion() },
    startedAt: startedAt.toISOString(),
    durationSeconds: (Date.now() - startedAt.getTime()) / 1000,
    endedEarly: parts.endedEarly,
    environment: environmentOf(parts.envoy, options.traffic.workers),
    method: methodOf(options, measurement, baseline, analysis.blocks),
    noiseFloor: analysis.noiseFloor,
    base: analysis.base,
    control: analysis.control,
    filters,
    timeLine: analysis.timeLine,
    sweeps: parts.sweeps,
    budgets: checkBudgets(options.budgets, judged, analysis.ratios),
    loads: parts.loads,
    notes: [
      ...(parts.endedEarly === null ? [] : [parts.endedEarly]),
      ...notesOn(measurement, analysis),
      ...extras.flatMap(({ notes }) => notes),
      ...counts.flatMap(({ note }) => note ?? []),
    ],
  };
}

function environmentOf(envoy: LocatedEnvoy, workers: number): BenchReport["environment"] {
  return {
    envoyVersion: envoy.version,
    envoySource: envoy.source,
    nodeVersion: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    cpuModel: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    kernel: `${type()} ${release()}`,
    memoryBytes: totalmem(),
    loadAverage: loadavg()[0] ?? 0,
    workers,
  };
}

function methodOf(
  { seed, flags, burst, traffic }: BenchOptions,
  measurement: Measurement,
  baseline: string,
  blocks: { readonly kind: "starts" | "stretches"; readonly count: number },
): BenchReport["method"] {
  const rounds = burstRounds(measurement);
  const clientRounds = measurement.rounds.reduce((sum, { client }) => sum + (client[0] ?? 0), 0);
  return {
    seed,
    flags,
    starts: measurement.rounds.length,
    rounds,
    caches: burst === COLD_BURST ? "cold" : "warm",
    blocks: blocks.kind,
    blockCount: blocks.count,
    burstRequests: burst.requests,
    burstDropped: burst.dropped,
    warmUpRequests: measurement.warmUpRequests,
    measuredRequests: rounds * keptOf(burst) * traffic.connections,
    request: {
      path: traffic.request.path,
      headerNames: traffic.request.headers.map(([name]) => name),
      bytes: requestBytes(traffic.request).length,
      bodyBytes: traffic.request.bodyBytes ?? 0,
      responseBodyBytes: traffic.responseBodyBytes,
      ...traffic.wire,
    },
    rates: measurement.rates,
    clientRatePerSecond: measurement.rates[0] ?? 0,
    clientRounds,
    clientMeasuredRequests: measurement.base.client[0]?.length ?? 0,
    memory: MEMORY_METHOD,
    load: LOAD_METHOD,
    confidence: CONFIDENCE,
    bootstrapResamples: RESAMPLES,
    baseline,
  };
}
