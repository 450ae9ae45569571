// Values with their intervals, one a row: what filters add, and differences of quantiles.
import { scaleLinear } from "d3-scale";
import type { Difference } from "../bench/report-parts.ts";
import { BOTTOM, LEFT, RIGHT, WIDTH, bottomAxis, round, seriesClass } from "./chart.ts";
import type { LegendEntry } from "./chart.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { NOT_RESOLVABLE, micros, time } from "./units.ts";

const TOP = 6;
const ROW = 34;
const NAME_HEIGHT = 15;
/** Where the scale begins: names stand above their rows, so it has the whole width. */
const START = 12;

/** One row: a name above, a dot with its interval below. */
export interface Whisker {
  readonly name: string;
  readonly series: LegendEntry["series"];
  readonly difference: Difference;
}

/** How high the drawing of so many rows is. */
export function whiskersHeight(rows: number): number {
  return TOP + rows * ROW + BOTTOM;
}

/**
 * The drawing. `noise` is the far end of the A/A control's interval in nanoseconds: between minus and
 * plus that, a value is no difference.
 */
export function whiskers(rows: readonly Whisker[], noise: number | null): Html {
  const height = whiskersHeight(rows.length);
  const ends = rows.flatMap(({ difference: { value, low, high } }) => [value, low, high]);
  const known = [0, noise, noise === null ? null : -noise, ...ends].filter((end) => end !== null);
  const scale = scaleLinear()
    .domain([micros(Math.min(...known)), micros(Math.max(...known))])
    .range([START, WIDTH - RIGHT])
    .nice();
  const x = (nanoseconds: number): number => round(scale(micros(nanoseconds)));
  const bottom = height - BOTTOM;
  return html`${
      noise !== null &&
      html`<rect
        class="noise"
        x="${x(-noise)}"
        y="${TOP}"
        width="${round(x(noise) - x(-noise))}"
        height="${bottom - TOP}"
        ><title>within the noise of the A/A control: ±${time(noise)}</title></rect
      >`
    }<path class="zero" d="M${x(0)} ${TOP}V${bottom}" />
    ${rows.map((row, index) => whisker(row, TOP + index * ROW, x))}
    <path
      class="rule"
      d="M${START} ${bottom}H${LEFT}"
    />${bottomAxis(scale, height, "µs a request")}`;
}

function whisker(
  { name, series, difference }: Whisker,
  top: number,
  x: (ns: number) => number,
): Html {
  const { value, low, high, resolvable } = difference;
  const y = top + NAME_HEIGHT + 8;
  const look = `${seriesClass(series)} ${resolvable ? "" : "faint"}`;
  const said =
    value === null
      ? "not measured"
      : resolvable
        ? time(value)
        : `${time(value)}, ${NOT_RESOLVABLE}`;
  return html`<text x="${START}" y="${top + 12}"
      >${name}: <tspan class="value">${said}</tspan></text
    >
    ${low !== null && high !== null && html`<path class="line ${look}" d="M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 4}v8M${x(high)} ${y - 4}v8" />`}
    ${value !== null && html`<circle class="dot ${look}" cx="${x(value)}" cy="${y}" r="4.5" />`}`;
}
