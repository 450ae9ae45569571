// What all figures have in common: a drawing of fixed size that scales with the page, its axes, and
// the same values as a table for those who cannot see it.
import type { ScaleContinuousNumeric } from "d3-scale";
import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** The drawing's size in its own units; text is 11 of them, and readable on a phone. */
export const WIDTH = 420;
export const LEFT = 46;
export const RIGHT = 20;
/** Leaves room for the unit above the axis. */
export const TOP = 24;
export const BOTTOM = 34;

/** A continuous scale from values to places. */
export type Scale = ScaleContinuousNumeric<number, number>;

/** Rows of text; the first is the head. */
export type Table = readonly (readonly string[])[];

export interface Figure {
  /** Unique in the page: a word. */
  readonly id: string;
  readonly title: string;
  /** What it shows, and what it means: one or two sentences. */
  readonly caption: string;
  readonly height: number;
  readonly drawing: Html;
  /** What the lines and marks are, where that does not stand beside them. */
  readonly legend?: readonly LegendEntry[];
  readonly table: Table;
}

/** A name in the legend, drawn as its line is. */
export interface LegendEntry {
  readonly name: string;
  readonly series: number | "base" | "control";
}

/** The figure with its text alternative, which is there for everybody. */
export function renderFigure(shown: Figure): Html {
  const { id, title, caption, height, drawing, legend = [], table } = shown;
  return html`<figure id="${id}">
    <figcaption>
      <h3>${title}</h3>
      <p id="${id}-caption">${caption}</p>
    </figcaption>
    ${
      legend.length > 0 &&
      html`<ul class="legend">
        ${legend.map(renderEntry)}
      </ul>`
    }
    <svg
      viewBox="0 0 ${WIDTH} ${height}"
      role="img"
      aria-label="${title}"
      aria-describedby="${id}-caption"
    >
      ${drawing}
    </svg>
    <details>
      <summary>The values of “${title}” as a table</summary>
      ${renderTable(table, title)}
    </details>
  </figure>`;
}

function renderEntry({ name, series }: LegendEntry): Html {
  return html`<li>
    <svg viewBox="0 0 24 8" aria-hidden="true">
      <path class="line ${seriesClass(series)}" d="M0 4H24" /></svg
    >${name}
  </li>`;
}

/** The class that gives a series its colour and its dashes: eight of them, then they repeat. */
export function seriesClass(series: LegendEntry["series"]): string {
  return typeof series === "number" ? `s${series % 8}` : series;
}

/** A table that scrolls by itself where it is wider than the page. */
export function renderTable([head = [], ...rows]: Table, label: string): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first = "", ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Lines and numbers along the left. */
export function leftAxis(scale: Scale, unit: string, ticks = 5): Html {
  return html`<g class="axis"
    >${scale
      .ticks(ticks)
      .map(
        (tick) =>
          html`<path class="grid" d="M${LEFT} ${round(scale(tick))}H${WIDTH - RIGHT}" /><text
              class="end"
              x="${LEFT - 5}"
              y="${round(scale(tick)) + 4}"
              >${tickText(tick)}</text
            >`,
      )}<text class="unit" x="2" y="11">${unit}</text></g
  >`;
}

/** Numbers along the bottom. `ticks` may be given where the scale's own would be too many. */
export function bottomAxis(
  scale: Scale,
  height: number,
  label: string,
  ticks: readonly number[] = scale.ticks(6),
): Html {
  const y = height - BOTTOM;
  return html`<g class="axis"
    ><path class="rule" d="M${LEFT} ${y}H${WIDTH - RIGHT}" />${ticks.map(
      (tick) =>
        html`<path class="rule" d="M${round(scale(tick))} ${y}v4" /><text
            class="middle"
            x="${round(scale(tick))}"
            y="${y + 16}"
            >${tickText(tick)}</text
          >`,
    )}<text class="middle unit" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${height - 4}"
      >${label}</text
    ></g
  >`;
}

/** A place with a tenth of a unit. */
export function round(place: number): number {
  return Math.round(place * 10) / 10;
}

/** The path of a line through points. */
export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  return points
    .map(([x, y], index) => `${index === 0 ? "M" : "L"}${round(x)} ${round(y)}`)
    .join("");
}

/** `0.05`, `10`, `20k`: ticks are round numbers and need no more digits than they have. */
function tickText(tick: number): string {
  const text = Math.abs(tick) >= 10_000 ? `${tick / 1000}k` : String(Number(tick.toPrecision(6)));
  return text.replace("-", "−");
}
