// How often which time was seen, of the base and of filters in one drawing.
import { scaleLinear, scaleLog } from "d3-scale";
import type { Histogram } from "../bench/report-parts.ts";
import {
  BOTTOM,
  LEFT,
  RIGHT,
  TOP,
  WIDTH,
  bottomAxis,
  leftAxis,
  linePath,
  seriesClass,
} from "./chart.ts";
import type { LegendEntry, Table } from "./chart.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { figure, micros } from "./units.ts";

export const DISTRIBUTION_HEIGHT = 220;

/** One listener's histogram. All of a drawing have the same edges. */
export interface Distribution extends LegendEntry {
  readonly histogram: Histogram;
}

/** The part of each bucket in all requests, in percent. */
function shares({ counts }: Histogram): readonly number[] {
  const sum = counts.reduce((total, each) => total + each, 0);
  return counts.map((each) => (sum === 0 ? 0 : (100 * each) / sum));
}

/** Steps over a logarithmic scale of times. */
export function distribution(all: readonly Distribution[]): Html {
  const edges = (all[0]?.histogram.edges ?? []).map(micros);
  const first = edges[0] ?? 1;
  const last = edges.at(-1) ?? 10;
  const x = scaleLog()
    .domain([first, last])
    .range([LEFT, WIDTH - RIGHT]);
  const highest = Math.max(1, ...all.flatMap(({ histogram }) => shares(histogram)));
  const y = scaleLinear()
    .domain([0, highest])
    .range([DISTRIBUTION_HEIGHT - BOTTOM, TOP])
    .nice();
  const steps = all.map(({ histogram, series }) => {
    const points = shares(histogram).flatMap((share, index): [number, number][] => [
      [x(edges[index] ?? first), y(share)],
      [x(edges[index + 1] ?? last), y(share)],
    ]);
    return html`<path class="line ${seriesClass(series)}" d="${linePath(points)}" />`;
  });
  return html`${leftAxis(y, "% of requests")}${steps}${bottomAxis(x, DISTRIBUTION_HEIGHT, "µs, logarithmic", logTicks(first, last))}`;
}

/** 1, 2 and 5 of each power of ten within the range; 1 alone where that would be too many. */
function logTicks(first: number, last: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(first)); power <= Math.log10(last); power++) {
    for (const digit of last / first > 500 ? [1] : [1, 2, 5]) {
      const tick = digit * 10 ** power;
      if (tick >= first && tick <= last) ticks.push(tick);
    }
  }
  return ticks;
}

/** The same in numbers: empty buckets are left out. */
export function distributionTable(all: readonly Distribution[]): Table {
  const edges = all[0]?.histogram.edges ?? [];
  const columns = all.map(({ histogram }) => shares(histogram));
  const rows = edges.slice(0, -1).flatMap((edge, index) => {
    const cells = columns.map((column) => column[index] ?? 0);
    if (cells.every((share) => share === 0)) return [];
    const range = `${figure(micros(edge))} to ${figure(micros(edges[index + 1] ?? edge))} µs`;
    return [[range, ...cells.map((share) => `${figure(share)} %`)]];
  });
  return [["time", ...all.map(({ name }) => name)], ...rows];
}
