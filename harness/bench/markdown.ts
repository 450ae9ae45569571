// The report as Markdown: short enough for a comment on a change.
import type { BenchReport } from "./report.ts";
import { bytes } from "../report/units.ts";
import { cell, ratio } from "./table.ts";

const NONE = "–";

/** Renders the report; ends with a line end. */
export function renderMarkdown(report: BenchReport): string {
  const { filters, control, budgets, sweeps, notes, method, environment } = report;
  const rows = filters.map((filter) => [
    code(filter.name),
    cell(filter.added.timeNs, NONE, false),
    cell(filter.added.cpuNs, NONE, false),
    cell(filter.added.clientNs, NONE, false),
    ratio(filter.throughput?.ratio ?? null),
    filter.counts === null ? NONE : String(filter.counts.hostCalls),
    bytes(filter.memoryPerVmBytes),
    bytes(filter.module.bytes),
  ]);
  const controlRow = [
    "A/A control",
    cell(control.added.timeNs, NONE, true),
    cell(control.added.cpuNs, NONE, true),
    cell(control.added.clientNs, NONE, true),
    ratio(control.throughput?.ratio ?? null),
    ...["", "", ""],
  ];
  const head = [
    "filter",
    "time us",
    "cpu us",
    "client us",
    "throughput",
    "host calls",
    "memory/VM",
  ];
  const verdicts = filters.flatMap(({ verdict, baselineVerdict }) => [
    `- ${escaped(verdict.text)}`,
    ...(baselineVerdict === null ? [] : [`- ${escaped(baselineVerdict.text)}`]),
  ]);
  const exceeded = budgets.filter(({ outcome }) => outcome === "exceeded").length;
  const title =
    exceeded > 0 ? `${exceeded} of ${budgets.length} budgets exceeded` : "Added latency";
  const parts = [
    `### ${title}`,
    verdicts.join("\n"),
    ...(budgets.length === 0
      ? []
      : [
          table(
            ["budget", "limit", "measured"],
            budgets.map(({ filter, name, limit, text, outcome }) => [
              `${code(filter)} ${code(name)}`,
              String(limit),
              `**${outcome}**: ${escaped(text.slice(text.indexOf(" is ") + 4))}`,
            ]),
          ),
        ]),
    table([...head, "wasm"], [...rows, controlRow]),
    ...sweeps.map(({ dimension, points }) =>
      table(
        [dimension, ...(points[0]?.filters.map(({ name }) => code(name)) ?? []), "A/A control"],
        points.map(({ value, filters: measured, controlTimeNs }) => [
          value,
          ...measured.map(({ timeNs }) => cell(timeNs, NONE, false)),
          cell(controlTimeNs, NONE, true),
        ]),
      ),
    ),
    "Per request, compared with no filter, with 95 % intervals. Time in the proxy carries the " +
      "verdict; the other figures are exploratory. " +
      `Envoy ${environment.envoyVersion} on ${environment.cores} cores (${escaped(environment.cpuModel)}), ` +
      `${method.starts} starts, ${method.rounds} rounds, seed ${method.seed}, ` +
      `${Math.round(report.durationSeconds)} s.`,
    ...(notes.length === 0 ? [] : [notes.map((note) => `> ${escaped(note)}`).join("\n>\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** A name that came from the user, where no character of it is Markdown. */
function code(name: string): string {
  return `\`${name.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_|<>#[\]]/g, (character) =>
    character === "[" || character === "]" ? character : `\\${character}`,
  );
}
