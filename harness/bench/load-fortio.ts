// fortio (fortio.org/fortio): it writes what it has measured as JSON to standard output.
import { headerFlags, PROBABILITIES, type LoadGenerator } from "./load-generator.ts";

/** The part of its JSON that is read. Times are in seconds. */
interface FortioReport {
  readonly ActualQPS: number;
  readonly DurationHistogram: {
    readonly Percentiles: readonly { readonly Percentile: number; readonly Value: number }[] | null;
  };
  /** Answers by status; -1 for none. */
  readonly RetCodes: Readonly<Record<string, number>>;
}

/** Its histogram's finest step, in seconds: what it takes by itself, a millisecond, hides everything. */
const RESOLUTION = 0.000_01;

export const FORTIO: LoadGenerator = {
  versionFlag: "version",
  cannot: () => null,
  flags: (job) => [
    ...["load", "-quiet", "-loglevel", "error", "-json", "-", "-allow-initial-errors"],
    ...["-qps", "0", "-c", String(job.connections), "-t", `${job.seconds}s`],
    ...["-r", String(RESOLUTION), "-p", PROBABILITIES.map((one) => 100 * one).join(",")],
    ...(job.http2 ? ["-h2"] : []),
    ...(job.url.startsWith("https:") ? ["-k"] : []),
    ...(job.bodyFile === null ? [] : ["-payload-file", job.bodyFile]),
    ...headerFlags(job),
    job.url,
  ],
  read(output) {
    const report = parsed(output);
    if (report === null) return null;
    const others = Object.entries(report.RetCodes).filter(([status]) => !/^[23]..$/.test(status));
    return {
      requestsPerSecond: report.ActualQPS,
      errors: others.reduce((sum, [, answers]) => sum + answers, 0),
      quantiles: (report.DurationHistogram.Percentiles ?? []).map(({ Percentile, Value }) => ({
        probability: Percentile / 100,
        ns: Math.round(Value * 1e9),
      })),
    };
  },
};

function parsed(output: string): FortioReport | null {
  try {
    const report = JSON.parse(output) as Partial<FortioReport> | null;
    const { ActualQPS, DurationHistogram, RetCodes } = report ?? {};
    if (ActualQPS === undefined || DurationHistogram === undefined) return null;
    return { ActualQPS, DurationHistogram, RetCodes: RetCodes ?? {} };
  } catch {
    return null;
  }
}
