// The report of `bench` as one page: no script, nothing loaded from elsewhere, every figure also as a
// table.
import type { BenchReport } from "../bench/report.ts";
import { renderTable } from "./chart.ts";
import {
  addedFigure,
  distributionFigure,
  quantileFigure,
  rateFigures,
  sweepFigures,
  timeLineFigure,
} from "./figures.ts";
import { card } from "./card.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { renderPage, section } from "./page.ts";
import {
  environmentList,
  hostCallsTable,
  loadsTable,
  metersTable,
  resourcesTable,
} from "./tables.ts";

/** Renders the page; ends with a line end. */
export function renderReport(report: BenchReport): string {
  const { filters, startedAt, durationSeconds, environment, notes, tool } = report;
  const names = filters.map(({ name }) => name).join(", ");
  const hostCalls = hostCallsTable(report);
  const loads = loadsTable(report);
  return renderPage({
    title: `Added latency: ${names}`,
    heading: `What ${names} ${filters.length === 1 ? "adds" : "add"} to a request`,
    startedAt,
    durationSeconds,
    where: `Envoy ${environment.envoyVersion}, ${environment.cpuModel}`,
    endedEarly: report.endedEarly,
    main: html`<ul class="cards">
        ${filters.map((filter, index) => card(filter, [filter.verdict, filter.baselineVerdict], index))}
      </ul>
      ${budgets(report)}
      ${section("What is added", [addedFigure(report, "timeNs"), addedFigure(report, "cpuNs")])}
      <h2>All meters</h2>
      <p class="muted">
        Added per request, compared with no filter, with intervals. Time carries the verdict; the
        other figures are exploratory: of many intervals some miss by chance.
      </p>
      ${renderTable(metersTable(report), "All meters")}
      <h2>Resources and counts</h2>
      <p class="muted">
        Host calls, bytes and allocations are counted exactly by the in-process host: they are the
        same on every machine.
      </p>
      ${renderTable(resourcesTable(report), "Resources and counts")}
      ${hostCalls !== null && renderTable(hostCalls, "Host calls by name")}
      ${section("Distributions", [
        distributionFigure(report),
        ...filters.flatMap((filter, index) =>
          filter.addedQuantiles.length === 0 ? [] : [quantileFigure(report, filter, index)],
        ),
        ...rateFigures(report),
      ])}
      ${section("Over time", report.timeLine.atSeconds.length === 0 ? [] : filters.map((filter, index) => timeLineFigure(report, filter, index)))}
      ${section("Sweeps", sweepFigures(report))}
      ${
        loads !== null &&
        html`<h2>Load generators</h2>
          ${renderTable(loads, "Load generators")}`
      }`,
    notes,
    facts: environmentList(report),
    tool,
  });
}

const OUTCOMES = {
  kept: "kept",
  exceeded: "exceeded",
  unresolved: "not decided",
  "not-measured": "not measured",
} as const;

function budgets({ budgets: all }: BenchReport): Html {
  if (all.length === 0) return html``;
  const exceeded = all.filter(({ outcome }) => outcome === "exceeded").length;
  return html`<h2>
      Budgets: ${exceeded === 0 ? "none exceeded" : `${exceeded} of ${all.length} exceeded`}
    </h2>
    <ul class="budgets">
      ${all.map(
        ({ outcome, text }) =>
          html`<li class="${outcome === "not-measured" ? "unresolved" : outcome}">
            <b>${OUTCOMES[outcome]}</b> ${text}
          </li>`,
      )}
    </ul>`;
}
