// The filter's own statistics, and how the requests fared, from Envoy's admin interface.
import type { RunningEnvoy } from "../envoy/process.ts";
import type { Metric, Metrics } from "./events.ts";

/** Before the name of each statistic that a Wasm filter has defined. */
const OWN = "wasmcustom.";

/** Reads the figures as they are now. */
export async function readMetrics(envoy: RunningEnvoy, listener: string): Promise<Metrics> {
  const requests = `http.${listener}.downstream_rq_`;
  const filter = encodeURIComponent(`^(${OWN}|${requests})`.replaceAll(".", "\\."));
  const lines = (await envoy.admin(`/stats?filter=${filter}`)).split("\n");
  const stats = new Map(
    lines.map((line) => {
      const end = line.indexOf(": ");
      return [line.slice(0, end), line.slice(end + 2)] as const;
    }),
  );
  const count = (name: string): number => Number(stats.get(`${requests}${name}`) ?? 0);
  return {
    requests: count("completed"),
    byClass: {
      "1xx": count("1xx"),
      "2xx": count("2xx"),
      "3xx": count("3xx"),
      "4xx": count("4xx"),
      "5xx": count("5xx"),
    },
    own: Array.from(stats)
      .filter(([name]) => name.startsWith(OWN))
      .map(([name, value]): Metric => ({ name: name.slice(OWN.length), value: shown(value) }))
      .sort((one, other) => one.name.localeCompare(other.name)),
  };
}

/** A histogram is `P0(interval,all) P25(interval,all) ...`: of that, the median and the tail of all. */
function shown(value: string): string {
  const quantile = (name: string): string | undefined => {
    const found = new RegExp(`\\b${name}\\([^,]*,([^)]*)\\)`).exec(value)?.[1];
    return found === undefined ? undefined : String(Number(Number(found).toPrecision(3)));
  };
  const median = quantile("P50");
  if (median === undefined) return value === "No recorded values" ? "no values yet" : value;
  return `p50 ${median}, p99 ${quantile("P99") ?? "?"}`;
}
