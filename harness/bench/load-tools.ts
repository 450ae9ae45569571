// Load generators of others: how each is called, and what it says.
import { quantileOf } from "./statistics.ts";

/** What one listener is to be loaded with. */
export interface LoadJob {
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly http2: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** A file with the requests' body; null for GET without one. */
  readonly bodyFile: string | null;
  /** A file that the tool may write a line a request into. */
  readonly logFile: string;
}

/** What a tool has measured. */
export interface LoadFigures {
  readonly requestsPerSecond: number;
  readonly errors: number;
  readonly quantiles: readonly { readonly probability: number; readonly ns: number }[];
}

/** A load generator. */
export interface LoadGenerator {
  readonly versionFlag: string;
  /** Why it cannot do what is asked; null when it can. */
  readonly cannot: (job: LoadJob) => string | null;
  readonly flags: (job: LoadJob) => readonly string[];
  /** Null when its output is of another form. */
  readonly read: (output: string, log: string) => LoadFigures | null;
}

/** Those that are used when they are asked for and present. */
export const LOAD_TOOLS = ["wrk", "h2load"] as const;
export type LoadTool = (typeof LOAD_TOOLS)[number];

const NS_OF_UNIT: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };
const PROBABILITIES = [0.5, 0.9, 0.99, 0.999];

const headerFlags = ({ headers }: LoadJob): readonly string[] =>
  headers.flatMap(([name, value]) => ["-H", `${name}: ${value}`]);

export const GENERATORS: Readonly<Record<LoadTool, LoadGenerator>> = {
  wrk: {
    versionFlag: "-v",
    cannot: ({ http2, bodyFile }) =>
      http2 ? "wrk speaks no HTTP/2" : bodyFile === null ? null : "wrk sends no bodies",
    flags: (job) => [
      ...["-t1", `-c${job.connections}`, `-d${job.seconds}s`, "--latency"],
      ...headerFlags(job),
      job.url,
    ],
    read(output) {
      const rate = /^Requests\/sec: +([\d.]+)$/m.exec(output)?.[1];
      if (rate === undefined) return null;
      const sockets = /^ *Socket errors: (.*)$/m.exec(output)?.[1] ?? "";
      const answers = /^ *Non-2xx or 3xx responses: (\d+)$/m.exec(output)?.[1] ?? "0";
      const counts = [...sockets.matchAll(/\d+/g), [answers]].map(([count]) => Number(count));
      const lines = output.matchAll(/^ +(\d+)% +([\d.]+)(us|ms|s|m)$/gm);
      return {
        requestsPerSecond: Number(rate),
        errors: counts.reduce((sum, one) => sum + one, 0),
        quantiles: [...lines].map(([, percent, value, unit = ""]) => ({
          probability: Number(percent) / 100,
          ns: Math.round(Number(value) * (NS_OF_UNIT[unit] ?? NaN)),
        })),
      };
    },
  },
  h2load: {
    versionFlag: "--version",
    cannot: () => null,
    flags: (job) => [
      ...["-t1", "-m1", `-c${job.connections}`, `-D${job.seconds}`, `--log-file=${job.logFile}`],
      ...(job.http2 ? [] : ["--h1"]),
      ...(job.bodyFile === null ? [] : ["-d", job.bodyFile]),
      ...headerFlags(job),
      job.url,
    ],
    read(output, log) {
      const rate = /^finished in [^,]+, ([\d.]+) req\/s/m.exec(output)?.[1];
      const counts = /(\d+) failed, (\d+) errored, (\d+) timeout/.exec(output);
      if (rate === undefined || counts === null) return null;
      // Of each request: microseconds since the epoch, status, microseconds until its answer.
      const times = Float64Array.from(log.matchAll(/^\d+\t\d+\t(\d+)$/gm), ([, us]) => Number(us));
      times.sort();
      const others = [...output.matchAll(/(\d+) ([345])xx/g)].map(([, count]) => Number(count));
      return {
        requestsPerSecond: Number(rate),
        errors: [...counts.slice(1).map(Number), ...others].reduce((sum, one) => sum + one, 0),
        quantiles:
          times.length === 0
            ? []
            : PROBABILITIES.map((probability) => ({
                probability,
                ns: 1000 * quantileOf(times, probability),
              })),
      };
    },
  },
};
