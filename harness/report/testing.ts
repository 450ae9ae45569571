// A report as `bench` writes it, with made-up numbers: two filters, each of the parts there.
import { Random } from "../bench/random.ts";
import type { Difference, Histogram } from "../bench/report-parts.ts";
import type { BenchReport, ComparedReport, ListenerReport, Meters } from "../bench/report.ts";

const ROUNDS = 300;
const BUCKETS = 40;

function difference(value: number, width = 200, resolvable = true): Difference {
  return { value, low: value - width, high: value + width, resolvable };
}

function histogram(center: number, random: () => number): Histogram {
  const edges = Array.from({ length: BUCKETS + 1 }, (_, index) => 8000 * 1.08 ** index);
  const counts = Array.from({ length: BUCKETS }, (_, index) =>
    Math.round(1000 * Math.exp(-((index - center) ** 2) / 12) + 5 * random()),
  );
  return { edges, counts };
}

function listener(name: string, median: number, random: () => number): ListenerReport {
  const noisy = (from: number): number[] =>
    Array.from({ length: ROUNDS }, () => from * (1 + 0.2 * random()));
  const quantiles = [0.5, 0.9, 0.99].map((probability, index) => ({
    ...difference(median * (1 + index), 300),
    probability,
  }));
  const seen = histogram((median - 8000) / 400, random);
  return {
    name,
    statuses: { 200: 12_000 },
    timeP50Ns: median,
    timeP99Ns: 4 * median,
    cpuNs: 3 * median,
    clientP50Ns: 90_000,
    clientP99Ns: 300_000,
    quantiles,
    histogram: seen,
    series: { timeNs: noisy(median), timeMaxNs: noisy(5 * median), cpuNs: noisy(3 * median) },
    rates: [{ perSecond: 500, requests: 300, quantiles, histogram: seen, added: [] }],
    throughput: {
      connections: 16,
      requestsPerSecond: difference(9000, 500),
      ratio: difference(0.8, 0.05),
      cpuNs: difference(26_000, 900),
      workerBusy: 0.9,
    },
  };
}

function meters(time: number, resolvable: boolean): Meters<Difference> {
  const each = difference(time, 200, resolvable);
  return {
    timeNs: each,
    headersTimeNs: each,
    bodyTimeNs: difference(10, 30, false),
    requestTimeNs: each,
    responseTimeNs: each,
    timeP99Ns: each,
    cpuNs: difference(2 * time, 400, resolvable),
    clientNs: { value: null, low: null, high: null, resolvable: false },
    clientP99Ns: { value: null, low: null, high: null, resolvable: false },
  };
}

function compared(
  name: string,
  added: number,
  resolvable: boolean,
  random: () => number,
): ComparedReport {
  return {
    ...listener(name, 10_000 + added, random),
    added: meters(added, resolvable),
    addedQuantiles: [0.5, 0.9, 0.99].map((probability, index) => ({
      ...difference(added * (1 + index), 200, resolvable),
      probability,
    })),
  };
}

/** The names are those of the filters, as a user gave them. */
export function sampleReport(names: readonly string[]): BenchReport {
  const generator = new Random(1);
  const random = (): number => generator.next();
  const noise = meters(145, false);
  const filters = names.map((name, index): BenchReport["filters"][number] => {
    const added = 1500 * (index + 1);
    return {
      ...compared(name, added, true, random),
      module: { argument: name, bytes: 22_997, sha256: "0".repeat(64), initialMemoryPages: 1 },
      verdict: { figure: "added.timeNs", outcome: "more", text: `${name} adds ${added} ns` },
      versusBaseline: null,
      baselineVerdict: null,
      timeRatio: null,
      cpuRatio: null,
      memoryPerVmBytes: 1_028_864,
      loadTimeNs: difference(26e6, 3e6),
      counts: {
        callbacks: 3,
        hostCalls: 2,
        allocations: 1,
        bytesToHost: 18,
        bytesToGuest: 13,
        byName: { proxy_get_header_map_value: 2 },
      },
    };
  });
  return {
    schema: 1,
    kind: "filters",
    tool: { name: "as-proxy-wasm", version: "0.1.0" },
    startedAt: "2026-01-02T03:04:05.678Z",
    durationSeconds: 58.2,
    endedEarly: null,
    environment: {
      envoyVersion: "1.40.0",
      envoySource: "--envoy",
      nodeVersion: "20.20.2",
      platform: "linux-x64",
      cpuModel: "A Processor",
      cores: 2,
      kernel: "Linux 6.1.0",
      memoryBytes: 2 ** 34,
      loadAverage: 0.5,
      workers: 1,
    },
    method: {
      seed: 1,
      flags: names,
      starts: 3,
      rounds: ROUNDS,
      caches: "warm",
      blocks: "starts",
      blockCount: 3,
      burstRequests: 20,
      burstDropped: 5,
      warmUpRequests: 1500,
      measuredRequests: 15 * ROUNDS,
      request: {
        path: "/",
        headerNames: ["accept"],
        bytes: 120,
        bodyBytes: 0,
        responseBodyBytes: 2,
        protocol: "http1",
        tls: false,
      },
      rates: [500],
      clientRatePerSecond: 500,
      clientRounds: 20,
      clientMeasuredRequests: 300,
      memory: "resident memory",
      load: "time of a validation",
      confidence: 0.95,
      bootstrapResamples: 1000,
      baseline: names[0] ?? "",
    },
    noiseFloor: {
      timeNs: noise.timeNs.high,
      headersTimeNs: noise.headersTimeNs.high,
      bodyTimeNs: noise.bodyTimeNs.high,
      requestTimeNs: noise.requestTimeNs.high,
      responseTimeNs: noise.responseTimeNs.high,
      timeP99Ns: noise.timeP99Ns.high,
      cpuNs: noise.cpuNs.high,
      clientNs: null,
      clientP99Ns: null,
    },
    base: listener("base", 10_000, random),
    control: compared("control", 5, false, random),
    filters,
    timeLine: {
      atSeconds: Array.from({ length: ROUNDS }, (_, index) => index / 10),
      starts: [0, 100, 200],
    },
    sweeps: [
      {
        dimension: "headers",
        points: ["1", "20", "60"].map((value, index) => ({
          value,
          baseTimeNs: 9000,
          controlTimeNs: difference(2, 20, false),
          filters: names.map((name, at) => ({
            name,
            timeNs: difference(1500 * (at + 1) + 300 * index),
            cpuNs: difference(3000),
          })),
        })),
      },
    ],
    budgets: names.map((filter, index) => ({
      filter,
      name: "added_p50_us",
      limit: 2,
      measured: difference(1.5 * (index + 1), 0.2),
      outcome: index === 0 ? "kept" : "exceeded",
      text: `${filter}: added_p50_us is ${1.5 * (index + 1)}`,
    })),
    loads: [
      {
        tool: "wrk",
        version: "4.1.0",
        listener: "base",
        connections: 16,
        seconds: 10,
        perSecond: null,
        requestsPerSecond: 12_345,
        errors: 0,
        quantiles: [{ probability: 0.99, ns: 2_000_000 }],
      },
    ],
    notes: ["the machine was busy"],
  };
}
