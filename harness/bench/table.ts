// The report for people: a table, one row a filter, and under it how the numbers came about.
import type { BenchReport, Difference, Estimate } from "./report.ts";

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
        memoryPerVmBytes === undefined ? "" : memory(memoryPerVmBytes),
      ];
    }),
  ];
  const seconds = Math.round(report.durationSeconds);
  const lines = [
    "Added per request, compared with no filter: median of paired differences [95 % interval]",
    "",
    ...align(added),
    "",
    ...ratios(report),
    `Envoy ${environment.envoyVersion}, ${environment.workers} worker, ${environment.cores} cores, ` +
      `${environment.platform}; ${count(method.rounds)} rounds, ` +
      `${count(method.measuredRequests)} requests each; client at ${count(method.clientRatePerSecond)}/s, ` +
      `${count(method.clientMeasuredRequests)} requests each; seed ${method.seed}; ${seconds} s`,
    ...report.notes.map((note) => `note: ${note}`),
  ];
  return lines.join("\n") + "\n";
}

function ratios(report: BenchReport): string[] {
  if (report.filters.length < 2) return [];
  const { baseline } = report.method;
  const rows = report.filters
    .filter(({ timeRatio }) => timeRatio !== null)
    .map((row) => [row.name, ratio(row.timeRatio), ratio(row.cpuRatio)]);
  return [...align([[`times ${baseline}`, "added time", "cpu"], ...rows]), ""];
}

function cell(difference: Difference, missing: string, always: boolean): string {
  const { value, low, high, resolvable } = difference;
  if (value === null) return missing;
  if (low === null || high === null || !(resolvable || always)) return NOT_RESOLVABLE;
  const digits = Math.max(-low, high) < 100_000 ? 2 : 0;
  const [middle, from, to] = [value, low, high].map((one) => microseconds(one, digits));
  return `${middle} [${from}, ${to}]`;
}

function ratio(estimate: Estimate | null): string {
  if (estimate === null || estimate.value === null) return NOT_RESOLVABLE;
  const { value, low, high } = estimate;
  if (low === null || high === null) return NOT_RESOLVABLE;
  return `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function memory(bytes: number | null): string {
  return bytes === null ? NOT_AVAILABLE : `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}

function microseconds(nanoseconds: number, digits: number): string {
  const text = (nanoseconds / 1000).toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text; // not "-0.00"
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Pads columns to one width: the first to the left, numbers to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
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
