// The report for people: a table, one row a filter, and under it how the numbers came about.
import { bytes } from "../report/units.ts";
import type { Difference, Estimate, SweepReport } from "./report-parts.ts";
import type { BenchReport } from "./report.ts";

const NOT_RESOLVABLE = "not resolvable";
const NOT_AVAILABLE = "not available";
/** A quantile far out needs many requests beyond it. */
const TOO_FEW = "too few requests";

/** Renders the report; ends with a line end. */
export function renderTable(report: BenchReport): string {
  const { control, filters, method, environment } = report;
  const rows = [...filters, { ...control, name: "A/A control", memoryPerVmBytes: undefined }];
  const added = [
    ["filter", "added time us", "p99 delta us", "cpu us", "client us", "memory/VM"],
    ...rows.map(({ name, added, memoryPerVmBytes }) => {
      // The control shows its numbers: that they are about nothing is what they are for.
      const control = memoryPerVmBytes === undefined;
      return [
        name,
        cell(added.timeNs, TOO_FEW, control),
        cell(added.timeP99Ns, TOO_FEW, control),
        cell(added.cpuNs, NOT_AVAILABLE, control),
        cell(added.clientNs, TOO_FEW, control),
        memoryPerVmBytes === undefined
          ? ""
          : memoryPerVmBytes === null
            ? NOT_AVAILABLE
            : bytes(memoryPerVmBytes),
      ];
    }),
  ];
  const seconds = Math.round(report.durationSeconds);
  const lines = [
    "Added per request, compared with no filter: median of paired differences [95 % interval]",
    "Time carries the verdict; the other columns are exploratory.",
    "",
    ...align(added),
    "",
    ...verdicts(report),
    ...ratios(report),
    ...more(report),
    ...report.sweeps.flatMap(sweep),
    ...loads(report),
    ...budgets(report),
    `Envoy ${environment.envoyVersion}, ${plural(environment.workers, "worker")}, ` +
      `${environment.cores} cores, ${environment.platform}; ` +
      `${plural(method.starts, "start")}, ${count(method.rounds)} rounds, ` +
      `${count(method.measuredRequests)} requests each; client at ${count(method.clientRatePerSecond)}/s, ` +
      `${count(method.clientMeasuredRequests)} requests each; seed ${method.seed}; ${seconds} s`,
    ...report.notes.map((note) => `note: ${note}`),
  ];
  return lines.join("\n") + "\n";
}

function verdicts({ filters }: BenchReport): string[] {
  const texts = filters.flatMap(({ verdict, baselineVerdict }) => [
    verdict.text,
    ...(baselineVerdict === null ? [] : [baselineVerdict.text]),
  ]);
  return [...texts.map((text) => `verdict: ${text}`), ""];
}

/** What else is known of each filter. */
function more({ filters }: BenchReport): string[] {
  const rows = filters.map((filter) => {
    const { added, throughput, loadTimeNs, counts, module } = filter;
    return [
      filter.name,
      cell(added.requestTimeNs, NOT_AVAILABLE, false),
      cell(added.responseTimeNs, NOT_AVAILABLE, false),
      ratio(throughput?.ratio ?? null),
      loadTimeNs.value === null ? NOT_AVAILABLE : `${(loadTimeNs.value / 1e6).toFixed(2)} ms`,
      counts === null ? NOT_AVAILABLE : count(counts.hostCalls),
      counts === null ? NOT_AVAILABLE : count(counts.bytesToHost + counts.bytesToGuest),
      counts === null ? NOT_AVAILABLE : count(counts.allocations),
      bytes(module.bytes),
    ];
  });
  const head = [
    "filter",
    "request us",
    "response us",
    "throughput",
    "loading",
    "host calls",
    "bytes",
    "allocations",
    "wasm",
  ];
  return [...align([head, ...rows]), ""];
}

function sweep({ dimension, points }: SweepReport): string[] {
  const names = points[0]?.filters.map(({ name }) => name) ?? [];
  const rows = points.map(({ value, filters, controlTimeNs }) => [
    value,
    ...filters.map(({ timeNs }) => cell(timeNs, TOO_FEW, false)),
    cell(controlTimeNs, TOO_FEW, true),
  ]);
  return ["Added time us", ...align([[dimension, ...names, "A/A control"], ...rows]), ""];
}

function loads(report: BenchReport): string[] {
  const [first] = report.loads;
  if (first === undefined) return [];
  const probabilities = first.quantiles.map(({ probability }) => probability);
  const rows = report.loads.map(({ listener, requestsPerSecond, errors, quantiles }) => [
    listener,
    count(Math.round(requestsPerSecond)),
    count(errors),
    ...quantiles.map(({ ns }) => microseconds(ns, 0)),
  ]);
  const head = [first.tool, "requests/s", "errors", ...probabilities.map((p) => `p${p * 100} us`)];
  return [...align([head, ...rows]), ""];
}

function budgets(report: BenchReport): string[] {
  if (report.budgets.length === 0) return [];
  return [...report.budgets.map(({ outcome, text }) => `budget ${outcome}: ${text}`), ""];
}

function ratios(report: BenchReport): string[] {
  if (report.filters.length < 2) return [];
  const { baseline } = report.method;
  const rows = report.filters
    .filter(({ timeRatio }) => timeRatio !== null)
    .map((row) => [row.name, ratio(row.timeRatio), ratio(row.cpuRatio)]);
  return [...align([[`times ${baseline}`, "added time", "cpu"], ...rows]), ""];
}

/** A difference in microseconds, or why there is none. */
export function cell(difference: Difference, missing: string, always: boolean): string {
  const { value, low, high, resolvable } = difference;
  if (value === null) return missing;
  if (low === null || high === null || !(resolvable || always)) return NOT_RESOLVABLE;
  const digits = Math.max(-low, high) < 100_000 ? 2 : 0;
  const [middle, from, to] = [value, low, high].map((one) => microseconds(one, digits));
  return `${middle} [${from}, ${to}]`;
}

/** A ratio with its interval. */
export function ratio(estimate: Estimate | null): string {
  if (estimate === null || estimate.value === null) return NOT_RESOLVABLE;
  const { value, low, high } = estimate;
  if (low === null || high === null) return NOT_RESOLVABLE;
  return `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function microseconds(nanoseconds: number, digits: number): string {
  const text = (nanoseconds / 1000).toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text; // not "-0.00"
}

function plural(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? "" : "s"}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Pads columns to one width: the first to the left, numbers to the right. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? text.padEnd(width) : text.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
