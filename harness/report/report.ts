// The report of `bench` as one page: no script, nothing loaded from elsewhere, every figure also as a
// table.
import type { BenchReport, FilterReport } from "../bench/report.ts";
import { renderFigure, renderTable, seriesClass } from "./chart.ts";
import type { Figure } from "./chart.ts";
import {
  addedFigure,
  distributionFigure,
  quantileFigure,
  rateFigures,
  sweepFigures,
  timeLineFigure,
} from "./figures.ts";
import { html, trusted } from "./html.ts";
import type { Html } from "./html.ts";
import { STYLE } from "./style.ts";
import {
  environmentList,
  hostCallsTable,
  loadsTable,
  metersTable,
  resourcesTable,
} from "./tables.ts";
import { NOT_RESOLVABLE, interval, time } from "./units.ts";

/** Renders the page; ends with a line end. */
export function renderReport(report: BenchReport): string {
  const { filters, startedAt, durationSeconds, environment, notes, tool } = report;
  const names = filters.map(({ name }) => name).join(", ");
  const hostCalls = hostCallsTable(report);
  const loads = loadsTable(report);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="content-security-policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <link rel="icon" href="data:," />
        <title>Added latency: ${names}</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>What ${names} ${filters.length === 1 ? "adds" : "add"} to a request</h1>
          <p class="lead">
            <time datetime="${startedAt}">${startedAt.slice(0, 16).replace("T", " ")} UTC</time>,
            ${Math.round(durationSeconds)} s, Envoy ${environment.envoyVersion},
            ${environment.cpuModel}
          </p>
          ${report.endedEarly !== null && html`<p class="early"><b>Ended early:</b> ${report.endedEarly}. The page shows what came before that.</p>`}
        </header>
        <main>
          <ul class="cards">
            ${filters.map(card)}
          </ul>
          ${budgets(report)}
          ${section("What is added", [addedFigure(report, "timeNs"), addedFigure(report, "cpuNs")])}
          <h2>All meters</h2>
          <p class="muted">
            Added per request, compared with no filter, with intervals. Time carries the verdict;
            the other figures are exploratory: of many intervals some miss by chance.
          </p>
          ${renderTable(metersTable(report), "All meters")}
          <h2>Resources and counts</h2>
          <p class="muted">
            Host calls, bytes and allocations are counted exactly by the in-process host: they are
            the same on every machine.
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
          }
          ${
            notes.length > 0 &&
            html`<h2>Notes</h2>
              <ul>
                ${notes.map((note) => html`<li>${note}</li>`)}
              </ul>`
          }
          <h2>Environment and method</h2>
          <dl>
            ${environmentList(report).map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd>${value}</dd>`,
            )}
          </dl>
        </main>
        <footer>
          Measured by ${tool.name} ${tool.version}. Times belong to the machine that they were
          measured on; ratios and counts travel.
        </footer>
      </body>
    </html>`;
  return `${page.text}\n`;
}

function section(title: string, figures: readonly Figure[]): Html {
  if (figures.length === 0) return html``;
  return html`<h2>${title}</h2>
    <div class="figures">${figures.map(renderFigure)}</div>`;
}

/** The declared figure of one filter, in large. */
function card({ name, added, verdict, baselineVerdict }: FilterReport, index: number): Html {
  const { timeNs } = added;
  const number =
    timeNs.value === null || !timeNs.resolvable
      ? html`${NOT_RESOLVABLE}`
      : html`${timeNs.value > 0 && "+"}${time(timeNs.value)} <small>${interval(timeNs)}</small>`;
  return html`<li class="card ${seriesClass(index)}">
    <h3>${name}</h3>
    <div class="number">${number}</div>
    <p>${verdict.text}</p>
    ${baselineVerdict !== null && html`<p>${baselineVerdict.text}</p>`}
  </li>`;
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
