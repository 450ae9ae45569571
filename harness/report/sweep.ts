// How what filters add changes with one dimension of the traffic.
import { scaleLinear, scalePoint } from "d3-scale";
import type { Difference, SweepReport } from "../bench/report-parts.ts";
import {
  BOTTOM,
  LEFT,
  RIGHT,
  TOP,
  WIDTH,
  leftAxis,
  linePath,
  round,
  seriesClass,
} from "./chart.ts";
import type { LegendEntry, Table } from "./chart.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { difference, micros } from "./units.ts";

export const SWEEP_HEIGHT = 220;

/** A line with intervals for each filter; the values of the dimension are evenly spaced. */
export function sweepDrawing({ dimension, points }: SweepReport, names: readonly string[]): Html {
  const ends = points.flatMap(({ filters, controlTimeNs }) =>
    [controlTimeNs, ...filters.map(({ timeNs }) => timeNs)].flatMap(({ low, high, value }) =>
      [low, high, value].filter((end) => end !== null).map(micros),
    ),
  );
  const x = scalePoint(
    points.map(({ value }) => value),
    [LEFT + 24, WIDTH - RIGHT - 24],
  );
  const y = scaleLinear()
    .domain([Math.min(0, ...ends), Math.max(0.1, ...ends)])
    .range([SWEEP_HEIGHT - BOTTOM, TOP])
    .nice();
  const bottom = SWEEP_HEIGHT - BOTTOM;
  const line = (
    series: LegendEntry["series"],
    values: readonly (Difference | undefined)[],
  ): Html => {
    const known = values.flatMap((value, index) =>
      value === undefined || value.value === null
        ? []
        : [
            {
              at: x(points[index]?.value ?? "") ?? 0,
              value: value.value,
              low: value.low,
              high: value.high,
            },
          ],
    );
    const look = seriesClass(series);
    return html`<path
        class="line ${look}"
        d="${linePath(known.map(({ at, value }) => [at, y(micros(value))]))}"
      />
      ${known.map(({ at, value, low, high }) => html`<path class="line thin ${look}" d="M${round(at)} ${round(y(micros(low ?? value)))}V${round(y(micros(high ?? value)))}" /><circle class="dot ${look}" cx="${round(at)}" cy="${round(y(micros(value)))}" r="3" />`)}`;
  };
  return html`${leftAxis(y, "µs added")}
    <path class="zero" d="M${LEFT} ${round(y(0))}H${WIDTH - RIGHT}" />
    ${line(
      "control",
      points.map(({ controlTimeNs }) => controlTimeNs),
    )}
    ${names.map((name, index) =>
      line(
        index,
        points.map(({ filters }) => filters.find((each) => each.name === name)?.timeNs),
      ),
    )}
    <g class="axis"
      ><path class="rule" d="M${LEFT} ${bottom}H${WIDTH - RIGHT}" />${points.map(
        ({ value }) =>
          html`<text class="middle" x="${round(x(value) ?? 0)}" y="${bottom + 16}">${value}</text>`,
      )}<text class="middle unit" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${SWEEP_HEIGHT - 4}"
        >${dimension}</text
      ></g
    >`;
}

/** The same in numbers. */
export function sweepTable({ dimension, points }: SweepReport, names: readonly string[]): Table {
  return [
    [dimension, ...names, "A/A control"],
    ...points.map(({ value, filters, controlTimeNs }) => [
      value,
      ...names.map((name) => {
        const found = filters.find((each) => each.name === name);
        return found === undefined ? "–" : difference(found.timeNs);
      }),
      difference(controlTimeNs),
    ]),
  ];
}
