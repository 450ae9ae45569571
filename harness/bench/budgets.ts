// Whether filters keep to their budgets.
import type { FilterRatio } from "./analysis.ts";
import { BUDGETS, written, type Budget } from "./budget-options.ts";
import type { BudgetResult, Estimate, QuantileDifference } from "./report-parts.ts";
import type { FilterReport } from "./report.ts";
import { UNKNOWN } from "./resampling.ts";

/**
 * Checks each filter's figures.
 * @param filters Those that have to keep to the budgets.
 * @param ratios To the filters that budgets name.
 */
export function checkBudgets(
  budgets: readonly Budget[],
  filters: readonly FilterReport[],
  ratios: readonly FilterRatio[],
): readonly BudgetResult[] {
  return filters.flatMap((filter) =>
    budgets
      .filter(({ reference }) => reference !== filter.name)
      .map((budget) => checked(budget, filter, measured(budget, filter, ratios))),
  );
}

function measured(
  { name, reference }: Budget,
  filter: FilterReport,
  ratios: readonly FilterRatio[],
): Estimate {
  const ratio = ratios.find(({ of, to }) => of === filter.name && to === reference);
  const { added, addedQuantiles, counts, throughput, module } = filter;
  switch (name) {
    case "added_p50_us":
      return scaled(added.timeNs, 1e3);
    case "added_p90_us":
      return scaled(quantile(addedQuantiles, 0.9), 1e3);
    case "added_p99_us":
      return scaled(added.timeP99Ns, 1e3);
    case "added_p999_us":
      return scaled(quantile(addedQuantiles, 0.999), 1e3);
    case "added_request_us":
      return scaled(added.requestTimeNs, 1e3);
    case "added_response_us":
      return scaled(added.responseTimeNs, 1e3);
    case "added_cpu_us":
      return scaled(added.cpuNs, 1e3);
    case "added_client_p50_us":
      return scaled(added.clientNs, 1e3);
    case "added_client_p99_us":
      return scaled(added.clientP99Ns, 1e3);
    case "load_ms":
      return scaled(filter.loadTimeNs, 1e6);
    case "memory_kb":
      return exactly(filter.memoryPerVmBytes, 1024);
    case "throughput_loss":
      return lossOf(throughput?.ratio ?? UNKNOWN);
    case "added_vs":
      return ratio?.timeNs ?? UNKNOWN;
    case "cpu_vs":
      return ratio?.cpuNs ?? UNKNOWN;
    case "host_calls":
      return exactly(counts?.hostCalls);
    case "callbacks":
      return exactly(counts?.callbacks);
    case "allocations":
      return exactly(counts?.allocations);
    case "bytes_to_host":
      return exactly(counts?.bytesToHost);
    case "bytes_to_guest":
      return exactly(counts?.bytesToGuest);
    case "wasm_kb":
      return exactly(module.bytes, 1024);
  }
}

/** Exceeded only when the whole interval is beyond the limit. */
function checked(budget: Budget, filter: FilterReport, estimate: Estimate): BudgetResult {
  const name = written(budget);
  const { limit } = budget;
  const { value, low, high } = estimate;
  const unit = BUDGETS[budget.name];
  const outcome =
    value === null || low === null || high === null
      ? "not-measured"
      : low > limit
        ? "exceeded"
        : high > limit
          ? "unresolved"
          : "kept";
  const interval =
    low === null || high === null || low === high ? "" : ` [${shown(low)}, ${shown(high)}]`;
  const figure = value === null ? "nothing" : `${shown(value)}${interval}`;
  const words = {
    kept: `within ${shown(limit)} ${unit}`,
    exceeded: `the whole interval is beyond ${shown(limit)} ${unit}`,
    unresolved: `${shown(limit)} ${unit} lies within the interval: not resolvable`,
    "not-measured": "it could not be measured with an interval",
  };
  const text = `${filter.name}: ${name} is ${figure}; ${words[outcome]}`;
  return { filter: filter.name, name, limit, measured: estimate, outcome, text };
}

function quantile(all: readonly QuantileDifference[], probability: number): Estimate {
  return all.find((one) => one.probability === probability) ?? UNKNOWN;
}

function scaled({ value, low, high }: Estimate, unit: number): Estimate {
  const inUnits = (one: number | null): number | null => (one === null ? null : one / unit);
  return { value: inUnits(value), low: inUnits(low), high: inUnits(high) };
}

function exactly(value: number | null | undefined, unit = 1): Estimate {
  if (value === null || value === undefined) return UNKNOWN;
  return { value: value / unit, low: value / unit, high: value / unit };
}

/** The part of the throughput that is lost. */
function lossOf({ value, low, high }: Estimate): Estimate {
  const loss = (ratio: number | null): number | null => (ratio === null ? null : 1 - ratio);
  return { value: loss(value), low: loss(high), high: loss(low) };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
