// Load generators of others: how each is called, and what it says.
import { FORTIO } from "./load-fortio.ts";
import { headerFlags, PROBABILITIES, type LoadGenerator } from "./load-generator.ts";
import { K6 } from "./load-k6.ts";
import { quantileOf } from "./statistics.ts";

/** Those that are used when they are asked for and present. */
export const LOAD_TOOLS = ["wrk", "h2load", "fortio", "k6"] as const;
export type LoadTool = (typeof LOAD_TOOLS)[number];

const NS_OF_UNIT: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

export const GENERATORS: Readonly<Record<LoadTool, LoadGenerator>> = {
  wrk: {
    versionFlag: "-v",
    cannot: ({ wire, request }) =>
      wire.protocol === "http2"
        ? "wrk speaks no HTTP/2"
        : (request.bodyBytes ?? 0) === 0
          ? null
          : "wrk sends no bodies",
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
  fortio: FORTIO,
  k6: K6,
};
