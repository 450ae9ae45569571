// k6 (go.k6.io/k6): it runs a script, which also says where what was measured goes.
import { PROBABILITIES, type LoadGenerator } from "./load-generator.ts";

/** The part of its summary that is read. Times are in milliseconds. */
interface K6Summary {
  readonly metrics: {
    readonly http_reqs: { readonly values: { readonly rate: number } };
    readonly http_req_duration: { readonly values: Readonly<Record<string, number>> };
    /** Of each request whether it failed: `passes` counts those where that is so. */
    readonly http_req_failed: { readonly values: { readonly passes: number } };
  };
}

const nameOf = (probability: number): string => `p(${100 * probability})`;

export const K6: LoadGenerator = {
  versionFlag: "version",
  cannot: ({ wire }) =>
    wire.tls === (wire.protocol === "http2")
      ? null
      : "k6 speaks HTTP/2 where there is TLS, and HTTP/1.1 where there is none",
  script(job) {
    const text = (value: unknown): string => JSON.stringify(value);
    const body = job.bodyFile === null ? "null" : `open(${text(job.bodyFile)}, "b")`;
    const options = {
      vus: job.connections,
      duration: `${job.seconds}s`,
      insecureSkipTLSVerify: true,
      discardResponseBodies: true,
      summaryTrendStats: PROBABILITIES.map(nameOf),
    };
    return [
      'import http from "k6/http";',
      `export const options = ${text(options)};`,
      `const body = ${body};`,
      `const params = ${text({ headers: Object.fromEntries(job.headers) })};`,
      `export default function () {`,
      `  http.request(${text(job.bodyFile === null ? "GET" : "POST")}, ${text(job.url)}, body, params);`,
      `}`,
      `export function handleSummary(data) {`,
      `  return { ${text(job.logFile)}: JSON.stringify(data) };`,
      `}`,
      "",
    ].join("\n");
  },
  flags: (job) => ["run", "--quiet", "--no-usage-report", job.scriptFile],
  read(_, log) {
    const metrics = parsed(log);
    if (metrics === null) return null;
    const times = metrics.http_req_duration.values;
    return {
      requestsPerSecond: metrics.http_reqs.values.rate,
      errors: metrics.http_req_failed.values.passes,
      quantiles: PROBABILITIES.flatMap((probability) => {
        const ms = times[nameOf(probability)];
        return ms === undefined ? [] : [{ probability, ns: Math.round(ms * 1e6) }];
      }),
    };
  },
};

function parsed(log: string): K6Summary["metrics"] | null {
  try {
    const { metrics } = JSON.parse(log) as Partial<K6Summary>;
    // Without a request it leaves these out.
    const { http_reqs, http_req_duration, http_req_failed }: Partial<K6Summary["metrics"]> =
      metrics ?? {};
    if (!http_reqs || !http_req_duration || !http_req_failed) return null;
    return { http_reqs, http_req_duration, http_req_failed };
  } catch {
    return null;
  }
}
