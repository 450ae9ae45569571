// The declared figure of one filter or address, in large, with what it says in words.
import type { Verdict } from "../bench/report-parts.ts";
import type { ComparedReport } from "../bench/report.ts";
import { seriesClass } from "./chart.ts";
import { html, type Html } from "./html.ts";
import { NOT_RESOLVABLE, interval, time } from "./units.ts";

/** One entry of the list on top of a page. */
export function card(
  { name, added }: ComparedReport,
  verdicts: readonly (Verdict | null)[],
  index: number,
): Html {
  const { timeNs } = added;
  const number =
    timeNs.value === null || !timeNs.resolvable
      ? html`${NOT_RESOLVABLE}`
      : html`${timeNs.value > 0 && "+"}${time(timeNs.value)} <small>${interval(timeNs)}</small>`;
  return html`<li class="card ${seriesClass(index)}">
    <h3>${name}</h3>
    <div class="number">${number}</div>
    ${verdicts.map((verdict) => verdict !== null && html`<p>${verdict.text}</p>`)}
  </li>`;
}
