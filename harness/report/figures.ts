// The figures of a report, in the order in which they are read.
import type { BenchReport, FilterReport } from "../bench/report.ts";
import { distribution, distributionTable, DISTRIBUTION_HEIGHT } from "./distribution.ts";
import type { Distribution } from "./distribution.ts";
import type { Figure, LegendEntry } from "./chart.ts";
import { SWEEP_HEIGHT, sweepDrawing, sweepTable } from "./sweep.ts";
import { TIME_LINE_HEIGHT, timeLine, timeLineTable } from "./time-line.ts";
import { difference, quantileName, time } from "./units.ts";
import { whiskers, whiskersHeight } from "./whiskers.ts";
import type { Whisker } from "./whiskers.ts";

const BASE: LegendEntry = { name: "no filter", series: "base" };
const CONTROL: LegendEntry = { name: "no filter again (A/A control)", series: "control" };

/** What each filter adds, by one meter. */
export function addedFigure(report: BenchReport, meter: "timeNs" | "cpuNs"): Figure {
  const rows: readonly Whisker[] = [
    ...report.filters.map(({ name, added }, series) => ({
      name,
      series,
      difference: added[meter],
    })),
    { name: "A/A control", series: "control", difference: report.control.added[meter] },
  ];
  const what = meter === "timeNs" ? "time in the proxy" : "CPU time of the worker thread";
  return {
    id: meter === "timeNs" ? "added-time" : "added-cpu",
    title: meter === "timeNs" ? "Added time in the proxy" : "Added CPU time",
    caption:
      `How much more ${what} a request takes than without a filter, with ${percent(report)} intervals. ` +
      (meter === "timeNs"
        ? "This figure carries the verdict. Inside the shaded band nothing differs from no filter."
        : "Includes what happens after the last byte: onLog, and collections at the stream's end."),
    height: whiskersHeight(rows.length),
    drawing: whiskers(rows, report.noiseFloor[meter]),
    table: [
      ["filter", "added"],
      ...rows.map(({ name, difference: each }) => [name, difference(each)]),
    ],
  };
}

/** How one filter shifts the quantiles of single requests. */
export function quantileFigure(report: BenchReport, filter: FilterReport, series: number): Figure {
  const rows = filter.addedQuantiles.map((each) => ({
    name: quantileName(each.probability),
    series,
    difference: each,
  }));
  return {
    id: `quantiles-${series}`,
    title: `${filter.name}: differences of quantiles`,
    caption: `How far each quantile of the time in the proxy lies above that without a filter, with ${percent(report)} intervals.`,
    height: whiskersHeight(rows.length),
    drawing: whiskers(rows, null),
    table: [
      ["quantile", "added", filter.name, "no filter"],
      ...rows.map(({ name, difference: each }, index) => [
        name,
        difference(each),
        time(filter.quantiles[index]?.value ?? null),
        time(report.base.quantiles[index]?.value ?? null),
      ]),
    ],
  };
}

/** The times of single requests of all that was measured. */
export function distributionFigure(report: BenchReport): Figure {
  const all: readonly Distribution[] = [
    { ...BASE, histogram: report.base.histogram },
    ...report.filters.map(({ name, histogram }, series) => ({ name, series, histogram })),
  ];
  return {
    id: "distribution",
    title: "Time in the proxy, single requests",
    caption:
      "How many requests took how long. A second hill is work that only some requests cause.",
    height: DISTRIBUTION_HEIGHT,
    drawing: distribution(all),
    legend: all,
    table: distributionTable(all),
  };
}

/** Latency as a client sees it at each fixed rate. */
export function rateFigures(report: BenchReport): readonly Figure[] {
  return report.base.rates.map((base, index): Figure => {
    const all: readonly Distribution[] = [
      { ...BASE, histogram: base.histogram },
      ...report.filters.flatMap(({ name, rates }, series) => {
        const rate = rates[index];
        return rate === undefined ? [] : [{ name, series, histogram: rate.histogram }];
      }),
    ];
    return {
      id: `rate-${index}`,
      title: `Latency at ${base.perSecond} requests a second`,
      caption:
        "As the client sees it, from the time at which a request should have been sent: a stall counts for every request that waited.",
      height: DISTRIBUTION_HEIGHT,
      drawing: distribution(all),
      legend: all,
      table: distributionTable(all),
    };
  });
}

/** One filter's bursts while the measurement went on. */
export function timeLineFigure(report: BenchReport, filter: FilterReport, series: number): Figure {
  return {
    id: `time-line-${series}`,
    title: `${filter.name} over time`,
    caption:
      "Medians of bursts as lines, the slowest single request as dots (the slowest twentieth at the top edge). A slope is drift; dashed rules are new starts of Envoy.",
    height: TIME_LINE_HEIGHT,
    drawing: timeLine(filter.series, report.base.series, report.timeLine, series),
    legend: [BASE, { name: filter.name, series }],
    table: timeLineTable(filter.series, report.base.series, report.timeLine),
  };
}

/** One figure for each dimension that was swept. */
export function sweepFigures(report: BenchReport): readonly Figure[] {
  const names = report.filters.map(({ name }) => name);
  return report.sweeps.map((sweep, index) => ({
    id: `sweep-${index}`,
    title: `Added time by ${sweep.dimension}`,
    caption: `Added time in the proxy for each value of ${sweep.dimension}, with ${percent(report)} intervals.`,
    height: SWEEP_HEIGHT,
    drawing: sweepDrawing(sweep, names),
    legend: [...names.map((name, series) => ({ name, series })), CONTROL],
    table: sweepTable(sweep, names),
  }));
}

function percent({ method }: BenchReport): string {
  return `${Math.round(method.confidence * 100)} %`;
}
