// The figures of a report, in the order in which they are read.
import type { SweepReport, TimeLine } from "../bench/report-parts.ts";
import type { ComparedReport, ListenerReport, Meters } from "../bench/report.ts";
import { distribution, distributionTable, DISTRIBUTION_HEIGHT } from "./distribution.ts";
import type { Distribution } from "./distribution.ts";
import type { Figure, LegendEntry } from "./chart.ts";
import { SWEEP_HEIGHT, sweepDrawing, sweepTable } from "./sweep.ts";
import { TIME_LINE_HEIGHT, timeLine, timeLineTable } from "./time-line.ts";
import { difference, quantileName, time } from "./units.ts";
import { whiskers, whiskersHeight } from "./whiskers.ts";
import type { Whisker } from "./whiskers.ts";

/** What figures say of what is compared. */
export interface Words {
  /** What the others are compared with. */
  readonly base: string;
  /** What the time of a request is. */
  readonly time: string;
  /** What happened at a dashed rule. */
  readonly anew: string;
}

/** What figures are drawn from: a report on filters, or one on addresses in the same form. */
export interface Source {
  readonly base: ListenerReport;
  readonly control: ComparedReport;
  readonly filters: readonly ComparedReport[];
  readonly noiseFloor: Pick<Meters<number | null>, "timeNs" | "cpuNs">;
  readonly timeLine: TimeLine;
  readonly method: { readonly confidence: number };
  /** Default: those of filters. */
  readonly words?: Words;
}

const FILTER_WORDS: Words = {
  base: "no filter",
  time: "time in the proxy",
  anew: "Envoy was started anew",
};

function wordsOf({ words }: Source): Words {
  return words ?? FILTER_WORDS;
}

function baseOf(source: Source): LegendEntry {
  return { name: wordsOf(source).base, series: "base" };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What each filter adds, by one meter. */
export function addedFigure(report: Source, meter: "timeNs" | "cpuNs"): Figure {
  const rows: readonly Whisker[] = [
    ...report.filters.map(({ name, added }, series) => ({
      name,
      series,
      difference: added[meter],
    })),
    { name: "A/A control", series: "control", difference: report.control.added[meter] },
  ];
  const { base, time: timed } = wordsOf(report);
  const what = meter === "timeNs" ? timed : "CPU time of the worker thread";
  return {
    id: meter === "timeNs" ? "added-time" : "added-cpu",
    title: meter === "timeNs" ? `Added ${timed}` : "Added CPU time",
    caption:
      `How much more ${what} a request takes than with ${base}, with ${percent(report)} intervals. ` +
      (meter === "timeNs"
        ? `This figure carries the verdict. Inside the shaded band nothing differs from ${base}.`
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
export function quantileFigure(report: Source, filter: ComparedReport, series: number): Figure {
  const { base, time: timed } = wordsOf(report);
  const rows = filter.addedQuantiles.map((each) => ({
    name: quantileName(each.probability),
    series,
    difference: each,
  }));
  return {
    id: `quantiles-${series}`,
    title: `${filter.name}: differences of quantiles`,
    caption: `How far each quantile of the ${timed} lies above that with ${base}, with ${percent(report)} intervals.`,
    height: whiskersHeight(rows.length),
    drawing: whiskers(rows, null),
    table: [
      ["quantile", "added", filter.name, base],
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
export function distributionFigure(report: Source): Figure {
  const all: readonly Distribution[] = [
    { ...baseOf(report), histogram: report.base.histogram },
    ...report.filters.map(({ name, histogram }, series) => ({ name, series, histogram })),
  ];
  return {
    id: "distribution",
    title: `${capital(wordsOf(report).time)}, single requests`,
    caption:
      "How many requests took how long. A second hill is work that only some requests cause.",
    height: DISTRIBUTION_HEIGHT,
    drawing: distribution(all),
    legend: all,
    table: distributionTable(all),
  };
}

/** Latency as a client sees it at each fixed rate. */
export function rateFigures(report: Source): readonly Figure[] {
  return report.base.rates.map((base, index): Figure => {
    const all: readonly Distribution[] = [
      { ...baseOf(report), histogram: base.histogram },
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
export function timeLineFigure(report: Source, filter: ComparedReport, series: number): Figure {
  const { anew } = wordsOf(report);
  return {
    id: `time-line-${series}`,
    title: `${filter.name} over time`,
    caption:
      "Medians of bursts as lines, the slowest single request as dots (the slowest twentieth at the top " +
      `edge). A slope is drift; at dashed rules ${anew}.`,
    height: TIME_LINE_HEIGHT,
    drawing: timeLine(filter.series, report.base.series, report.timeLine, series, anew),
    legend: [baseOf(report), { name: filter.name, series }],
    table: timeLineTable(filter.series, report.base.series, report.timeLine),
  };
}

/** One figure for each dimension that was swept. */
export function sweepFigures(
  report: Source & { readonly sweeps: readonly SweepReport[] },
): readonly Figure[] {
  const names = report.filters.map(({ name }) => name);
  return report.sweeps.map((sweep, index) => ({
    id: `sweep-${index}`,
    title: `Added time by ${sweep.dimension}`,
    caption: `Added time in the proxy for each value of ${sweep.dimension}, with ${percent(report)} intervals.`,
    height: SWEEP_HEIGHT,
    drawing: sweepDrawing(sweep, names),
    legend: [
      ...names.map((name, series) => ({ name, series })),
      { name: `${wordsOf(report).base} again (A/A control)`, series: "control" },
    ],
    table: sweepTable(sweep, names),
  }));
}

function percent({ method }: Source): string {
  return `${Math.round(method.confidence * 100)} %`;
}
