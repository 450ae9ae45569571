// The report on two addresses for people, on the terminal and as Markdown.
import type { AddressReport } from "./address-report.ts";
import type { QuantileDifference } from "./report-parts.ts";
import { align, cell } from "./table.ts";

const TOO_FEW = "too few requests";

/** A head, and one row a quantile: baseline, candidate, difference, A/A difference. */
export function addressRows(report: AddressReport): readonly (readonly string[])[] {
  return [HEAD, ...rows(report)];
}

function rows({ baseline, candidate, control }: AddressReport): string[][] {
  const row = (
    what: string,
    probability: number,
    of: (
      one: AddressReport["baseline"],
    ) => readonly { probability: number; value: number | null }[],
    differences: (one: AddressReport["control"]) => readonly QuantileDifference[],
  ): string[] => {
    const found = (one: AddressReport["baseline"]): string => {
      const value = of(one).find((each) => each.probability === probability)?.value ?? null;
      return value === null ? TOO_FEW : (value / 1000).toFixed(1);
    };
    const difference = (one: AddressReport["control"], always: boolean): string => {
      const each = differences(one).find((other) => other.probability === probability);
      return each === undefined ? TOO_FEW : cell(each, TOO_FEW, always);
    };
    return [
      `${what}, p${probability * 100}`,
      found(baseline),
      found(candidate),
      difference(candidate, false),
      difference(control, true),
    ];
  };
  const probabilities = [0.5, 0.9, 0.99, 0.999];
  return [
    [
      "verdict figure",
      "",
      "",
      cell(candidate.added.timeNs, TOO_FEW, false),
      cell(control.added.timeNs, TOO_FEW, true),
    ],
    ...probabilities.map((probability) =>
      row(
        "one by one",
        probability,
        (one) => one.quantiles,
        (one) => one.addedQuantiles,
      ),
    ),
    ...baseline.rates.flatMap(({ perSecond }, i) =>
      probabilities.map((probability) =>
        row(
          `at ${perSecond}/s`,
          probability,
          (one) => one.rates[i]?.quantiles ?? [],
          (one) => one.rates[i]?.added ?? [],
        ),
      ),
    ),
  ];
}

const HEAD = ["latency us", "baseline", "candidate", "difference", "A/A control"];

function foot({ method, durationSeconds, environment }: AddressReport): string {
  return (
    `${method.starts} sets of connections, ${method.rounds} rounds, seed ${method.seed}; ` +
    `${environment.platform}, ${environment.cores} cores; ${Math.round(durationSeconds)} s`
  );
}

/** Renders the report for a terminal; ends with a line end. */
export function renderAddressTable(report: AddressReport): string {
  const lines = [
    `baseline ${report.baselineUrl}, candidate ${report.candidateUrl}`,
    "",
    ...align(addressRows(report)),
    "",
    `verdict: ${report.verdict.text}`,
    foot(report),
    ...report.notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** Renders the report as Markdown; ends with a line end. */
export function renderAddressMarkdown(report: AddressReport): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const lines = [
    "### Latency of two addresses",
    "",
    `- ${report.verdict.text}`,
    "",
    line(HEAD),
    line(["---", "---:", "---:", "---:", "---:"]),
    ...rows(report).map(line),
    "",
    `Baseline <${report.baselineUrl}>, candidate <${report.candidateUrl}>; ${foot(report)}.`,
  ];
  return `${lines.join("\n")}\n`;
}
