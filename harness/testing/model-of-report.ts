// The model of simulated data sets, taken from the report of a real run.
import type { BenchReport, ListenerReport } from "../bench/report.ts";
import { modelOf, type DifferenceModel } from "./simulation.ts";

/** Of identical modules (the A/A control) and of different ones (the first filter). */
export interface Models {
  readonly identical: DifferenceModel;
  readonly different: DifferenceModel;
}

/** Takes the models from a report with several starts. */
export function modelsOf(report: BenchReport): Models {
  const { base, control, filters, timeLine } = report;
  const filter = filters[0];
  if (filter === undefined || timeLine.starts.length < 2) {
    throw new Error("the model wants a report of several starts with a filter");
  }
  const differences = ({ series }: ListenerReport): readonly (readonly number[])[] =>
    timeLine.starts.map((from, start) =>
      series.timeNs
        .slice(from, timeLine.starts[start + 1])
        .map((time, i) => time - (base.series.timeNs[from + i] ?? NaN)),
    );
  return { identical: modelOf(differences(control)), different: modelOf(differences(filter)) };
}
