// The report on two addresses as one page, of the same kind as that on filters.
import type { AddressReport } from "../bench/address-report.ts";
import { addressRows } from "../bench/address-table.ts";
import { farEnd } from "../bench/verdict.ts";
import { card } from "./card.ts";
import { renderTable } from "./chart.ts";
import {
  addedFigure,
  distributionFigure,
  quantileFigure,
  rateFigures,
  timeLineFigure,
  type Source,
} from "./figures.ts";
import { html } from "./html.ts";
import { renderPage, section } from "./page.ts";
import { count } from "./units.ts";

/** Renders the page; ends with a line end. */
export function renderAddressReport(report: AddressReport): string {
  const { baseline, control, candidate, environment, method, tool, timeLine } = report;
  const source: Source = {
    base: baseline,
    control,
    filters: [candidate],
    noiseFloor: { timeNs: farEnd(control.added.timeNs), cpuNs: null },
    timeLine,
    method,
    words: {
      base: "the baseline",
      time: "latency at the client",
      anew: "connections were made anew",
    },
  };
  return renderPage({
    title: `Latency: ${report.candidateUrl}`,
    heading: "What the candidate adds to the baseline",
    startedAt: report.startedAt,
    durationSeconds: report.durationSeconds,
    where: `as seen from ${environment.cpuModel}`,
    endedEarly: report.endedEarly,
    main: html`<ul class="cards">
        ${card(candidate, [report.verdict], 0)}
      </ul>
      ${section("What is added", [addedFigure(source, "timeNs")])}
      <h2>Quantiles</h2>
      <p class="muted">
        In microseconds, with intervals. The verdict figure is the median of the differences within
        rounds; one by one, a request is sent when the one before it is answered.
      </p>
      ${renderTable(addressRows(report), "Quantiles")}
      ${section("Distributions", [
        distributionFigure(source),
        ...(candidate.addedQuantiles.length === 0 ? [] : [quantileFigure(source, candidate, 0)]),
        ...rateFigures(source),
      ])}
      ${section("Over time", timeLine.atSeconds.length === 0 ? [] : [timeLineFigure(source, candidate, 0)])}`,
    notes: report.notes,
    facts: [
      ["baseline", report.baselineUrl],
      ["candidate", report.candidateUrl],
      ["CPU", `${environment.cores} × ${environment.cpuModel}`],
      ["system", `${environment.kernel}, ${environment.platform}`],
      ["tool", `${tool.name} ${tool.version}, Node ${environment.nodeVersion}`],
      ["flags", method.flags.join(" ") || "none"],
      ["rounds", `${count(method.rounds)} over ${count(method.starts)} sets of connections`],
      ["intervals", `${Math.round(method.confidence * 100)} %, bootstrap of ${method.blocks}`],
      ["seed", String(method.seed)],
    ],
    tool,
  });
}
