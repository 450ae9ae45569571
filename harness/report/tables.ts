// What is read as numbers: all meters of all filters, what a request makes a module do, the environment.
import type { BenchReport, ComparedReport } from "../bench/report.ts";
import type { Table } from "./chart.ts";
import { NONE, bytes, count, difference, figure, interval, time } from "./units.ts";

/** Every meter, one row a filter. */
export function metersTable({ filters, control }: BenchReport): Table {
  const meters = ({ added }: ComparedReport): readonly string[] =>
    [
      added.timeNs,
      added.timeP99Ns,
      added.cpuNs,
      added.requestTimeNs,
      added.responseTimeNs,
      added.clientNs,
      added.clientP99Ns,
    ].map(difference);
  return [
    ["", "time", "time p99", "CPU", "request side", "response side", "client", "client p99"],
    ...filters.map((filter) => [filter.name, ...meters(filter)]),
    ["A/A control", ...meters(control)],
  ];
}

/** What is no latency: size, memory, loading, throughput, counts. */
export function resourcesTable({ filters }: BenchReport): Table {
  return [
    [
      "",
      "module",
      "memory a VM",
      "loading",
      "throughput, of no filter's",
      "host calls",
      "bytes across the boundary",
      "allocations",
    ],
    ...filters.map(({ name, module, memoryPerVmBytes, loadTimeNs, throughput, counts }) => [
      name,
      bytes(module.bytes),
      bytes(memoryPerVmBytes),
      time(loadTimeNs.value),
      throughput?.ratio?.value == null
        ? NONE
        : `${figure(throughput.ratio.value)} ${interval(throughput.ratio, 1)}`,
      ...(counts === null
        ? [NONE, NONE, NONE]
        : [
            count(counts.hostCalls),
            count(counts.bytesToHost + counts.bytesToGuest),
            count(counts.allocations),
          ]),
    ]),
  ];
}

/** Host calls of one request by name, for the filters that make some; null when none does. */
export function hostCallsTable({ filters }: BenchReport): Table | null {
  const counted = filters.flatMap(({ name, counts }) =>
    counts === null ? [] : [{ name, counts }],
  );
  const names = [
    ...new Set(counted.flatMap(({ counts }) => Object.keys(counts.byName))),
  ].toSorted();
  if (names.length === 0) return null;
  return [
    ["host call", ...counted.map(({ name }) => name)],
    ...names.map((name) => [name, ...counted.map(({ counts }) => count(counts.byName[name] ?? 0))]),
  ];
}

/** What the load generators that were asked for have said; null when none was. */
export function loadsTable({ loads }: BenchReport): Table | null {
  if (loads.length === 0) return null;
  return [
    ["", "tool", "connections", "requests/s", "errors", "latency"],
    ...loads.map((load) => [
      load.listener,
      `${load.tool} ${load.version}`,
      count(load.connections),
      count(Math.round(load.requestsPerSecond)),
      count(load.errors),
      load.quantiles.map(({ probability, ns }) => `p${probability * 100} ${time(ns)}`).join(", "),
    ]),
  ];
}

/** What must be the same for two reports to be compared. */
export function environmentList(report: BenchReport): readonly (readonly [string, string])[] {
  const { environment, method, tool, filters } = report;
  const { request } = method;
  return [
    [
      "Envoy",
      `${environment.envoyVersion} (${environment.envoySource}), ${environment.workers} worker`,
    ],
    ["CPU", `${environment.cores} × ${environment.cpuModel}`],
    ["system", `${environment.kernel}, ${environment.platform}, ${bytes(environment.memoryBytes)}`],
    ["load", `${figure(environment.loadAverage)} processes ready to run, on average`],
    ["tool", `${tool.name} ${tool.version}, Node ${environment.nodeVersion}`],
    ["flags", method.flags.join(" ") || "none"],
    [
      "request",
      `${request.protocol}${request.tls ? " over TLS" : ""}, ${request.path}, ${count(request.bytes)} bytes, ` +
        `body ${count(request.bodyBytes)}, response body ${count(request.responseBodyBytes)}` +
        (request.headerNames.length === 0 ? "" : `; headers: ${request.headerNames.join(", ")}`),
    ],
    [
      "rounds",
      `${count(method.rounds)} in ${count(method.starts)} starts, ${count(method.burstRequests)} requests a burst, ` +
        `the first ${count(method.burstDropped)} dropped; ${count(method.measuredRequests)} count for each listener`,
    ],
    ["caches", method.caches],
    [
      "intervals",
      `${Math.round(method.confidence * 100)} %, bootstrap of ${count(method.blockCount)} ${method.blocks}, ` +
        `${count(method.bootstrapResamples)} resamples`,
    ],
    ["seed", String(method.seed)],
    ["memory", method.memory],
    ["loading", method.load],
    ...filters.map(({ name, module }) => [`SHA-256 of ${name}`, module.sha256] as const),
  ];
}
