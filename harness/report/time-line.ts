// What the bursts took while the run went on: drift shows as a slope, a collection as a lonely dot.
import { scaleLinear } from "d3-scale";
import type { BurstSeries, TimeLine } from "../bench/report-parts.ts";
import {
  BOTTOM,
  LEFT,
  RIGHT,
  TOP,
  WIDTH,
  bottomAxis,
  leftAxis,
  linePath,
  round,
  seriesClass,
} from "./chart.ts";
import type { LegendEntry, Table } from "./chart.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { figure, micros } from "./units.ts";

export const TIME_LINE_HEIGHT = 200;
/** More points than this are put together: the drawing has no more room, and the page stays small. */
const MOST_POINTS = 200;

/** What was seen in a stretch of rounds. */
interface Stretch {
  readonly seconds: number;
  /** The median of the bursts' medians, microseconds. */
  readonly median: number;
  /** The highest time of a single request, microseconds. */
  readonly highest: number;
}

function stretches(series: BurstSeries, { atSeconds }: TimeLine): readonly Stretch[] {
  const size = Math.max(1, Math.ceil(series.timeNs.length / MOST_POINTS));
  const all: Stretch[] = [];
  for (let start = 0; start < series.timeNs.length; start += size) {
    const medians = series.timeNs.slice(start, start + size).toSorted((a, b) => a - b);
    all.push({
      seconds: atSeconds[start] ?? 0,
      median: micros(medians[medians.length >> 1] ?? 0),
      highest: micros(Math.max(...series.timeMaxNs.slice(start, start + size))),
    });
  }
  return all;
}

/** Medians as a line, the highest times as dots; a rule where something was made anew. */
export function timeLine(
  filter: BurstSeries,
  base: BurstSeries,
  line: TimeLine,
  series: LegendEntry["series"],
  anew: string,
): Html {
  const shown = stretches(filter, line);
  const below = stretches(base, line);
  const last = Math.max(1e-9, ...shown.map(({ seconds }) => seconds));
  const highest = ceiling(
    shown.map((each) => each.highest),
    shown.map((each) => each.median),
  );
  const x = scaleLinear()
    .domain([0, last])
    .range([LEFT, WIDTH - RIGHT]);
  const y = scaleLinear()
    .domain([0, highest])
    .range([TIME_LINE_HEIGHT - BOTTOM, TOP])
    .nice();
  const [, top = highest] = y.domain();
  const path = (all: readonly Stretch[]): string =>
    linePath(all.map(({ seconds, median }) => [x(seconds), y(Math.min(median, top))]));
  const starts = line.starts.slice(1).map((round) => x(line.atSeconds[round] ?? 0));
  return html`${leftAxis(y, "µs")}
    ${starts.map((at) => html`<path class="start" d="M${round(at)} ${TOP}V${TIME_LINE_HEIGHT - BOTTOM}"><title>${anew}</title></path>`)}
    <path class="line base" d="${path(below)}" /><path
      class="line ${seriesClass(series)}"
      d="${path(shown)}"
    />
    ${shown.map((each) => html`<circle class="speck ${seriesClass(series)}" cx="${round(x(each.seconds))}" cy="${round(y(Math.min(each.highest, top)))}" r="1.3" />`)}
    ${bottomAxis(x, TIME_LINE_HEIGHT, "seconds into the measurement")}`;
}

/** The top of the scale: one request that waited for the machine must not flatten all the others. */
function ceiling(highest: readonly number[], medians: readonly number[]): number {
  const sorted = highest.toSorted((a, b) => a - b);
  return Math.max(sorted[Math.floor(sorted.length * 0.95)] ?? 1, 1.2 * Math.max(...medians));
}

/** The same in numbers, some thirty rows. */
export function timeLineTable(filter: BurstSeries, base: BurstSeries, line: TimeLine): Table {
  const below = stretches(base, line);
  const all = stretches(filter, line).map((each, index) => [
    `${figure(each.seconds)} s`,
    `${figure(each.median)} µs`,
    `${figure(each.highest)} µs`,
    `${figure(below[index]?.median ?? 0)} µs`,
  ]);
  const step = Math.max(1, Math.ceil(all.length / 30));
  return [
    ["from", "median", "highest", "base, median"],
    ...all.filter((_, index) => index % step === 0),
  ];
}
