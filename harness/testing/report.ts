// A report for tests of what is made of it.
import type { Difference } from "../bench/report-parts.ts";
import type { BenchReport, Meters } from "../bench/report.ts";

/** An estimate of what was not measured. */
export const NOTHING = { value: null, low: null, high: null };
const UNTOLD: Difference = { ...NOTHING, resolvable: false };

/** A difference with its interval. */
export function difference(
  value: number,
  low: number,
  high: number,
  resolvable = true,
): Difference {
  return { value, low, high, resolvable };
}

function added(changes: Partial<Meters<Difference>>): Meters<Difference> {
  const unknown = { ...NOTHING, resolvable: false };
  return {
    timeNs: unknown,
    headersTimeNs: unknown,
    bodyTimeNs: unknown,
    requestTimeNs: unknown,
    responseTimeNs: unknown,
    timeP99Ns: unknown,
    cpuNs: unknown,
    clientNs: unknown,
    clientP99Ns: unknown,
    ...changes,
  };
}

function listener(name: string): BenchReport["base"] {
  return {
    name,
    statuses: { "200": 30_000 },
    timeP50Ns: 8_000,
    timeP99Ns: 50_000,
    cpuNs: 20_000,
    clientP50Ns: 80_000,
    clientP99Ns: null,
    quantiles: [{ probability: 0.5, value: 8_000, low: 7_900, high: 8_100 }],
    histogram: { edges: [1_000, 10_000, 100_000], counts: [29_000, 1_000] },
    series: { timeNs: [8_000, 8_010], timeMaxNs: [9_000, 9_900], cpuNs: [20_000, 20_100] },
    rates: [],
    throughput: {
      connections: 16,
      requestsPerSecond: { value: 40_000, low: 39_000, high: 41_000 },
      ratio: name === "base" ? null : { value: 0.91, low: 0.9, high: 0.92 },
      cpuNs: { value: 20_000, low: 19_000, high: 21_000 },
      workerBusy: 0.98,
    },
  };
}

const module = { argument: "x", bytes: 184, sha256: "0".repeat(64), initialMemoryPages: 1 };

/** A report as a run gives it. */
export const REPORT: BenchReport = {
  schema: 1,
  kind: "filters",
  tool: { name: "as-proxy-wasm", version: "0.1.0" },
  startedAt: "2030-01-02T03:04:05.678Z",
  durationSeconds: 33.4,
  endedEarly: null,
  environment: {
    envoyVersion: "1.40.0",
    envoySource: "cache",
    nodeVersion: "20.20.2",
    platform: "linux-x64",
    cpuModel: "a processor",
    cores: 2,
    kernel: "Linux 6.1.0",
    memoryBytes: 8 * 2 ** 30,
    loadAverage: 0.4,
    workers: 1,
  },
  method: {
    seed: 1,
    flags: ["noop", "a-longer-name"],
    starts: 10,
    caches: "warm",
    blocks: "starts",
    blockCount: 10,
    rounds: 1831,
    burstRequests: 20,
    burstDropped: 5,
    warmUpRequests: 1500,
    measuredRequests: 27_465,
    request: {
      path: "/",
      headerNames: ["accept"],
      bytes: 60,
      bodyBytes: 0,
      responseBodyBytes: 2,
      protocol: "http1",
      tls: false,
    },
    rates: [2000],
    clientRatePerSecond: 2000,
    clientRounds: 166,
    clientMeasuredRequests: 2490,
    memory: "as it is measured",
    load: "as it is measured",
    confidence: 0.95,
    bootstrapResamples: 1000,
    baseline: "noop",
  },
  noiseFloor: {
    timeNs: 40,
    headersTimeNs: 40,
    bodyTimeNs: 10,
    requestTimeNs: 30,
    responseTimeNs: 30,
    timeP99Ns: 3000,
    cpuNs: 150,
    clientNs: 400,
    clientP99Ns: null,
  },
  base: listener("base"),
  control: {
    ...listener("control"),
    addedQuantiles: [],
    added: added({
      timeNs: difference(-4, -20, 40, false),
      timeP99Ns: difference(1123, -640, 3000, false),
      cpuNs: difference(60, -10, 150, false),
      clientNs: difference(0, -370, 400, false),
    }),
  },
  filters: [
    {
      ...listener("noop"),
      addedQuantiles: [],
      verdict: { figure: "added.timeNs", outcome: "more", text: "noop adds 1.46 us" },
      versusBaseline: null,
      baselineVerdict: null,
      loadTimeNs: { value: 3_100_000, low: 2_900_000, high: 3_300_000 },
      counts: {
        callbacks: 4,
        hostCalls: 0,
        allocations: 0,
        bytesToHost: 0,
        bytesToGuest: 0,
        byName: {},
      },
      added: added({
        timeNs: difference(1462, 1450, 1480),
        timeP99Ns: difference(7149, -3790, 15_480, false),
        cpuNs: difference(2721, 2610, 2810),
        clientNs: difference(3420, 2910, 3780),
      }),
      module,
      timeRatio: null,
      cpuRatio: null,
      memoryPerVmBytes: 936_107,
    },
    {
      ...listener("a-longer-name"),
      addedQuantiles: [],
      verdict: { figure: "added.timeNs", outcome: "more", text: "a-longer-name adds 1342 us" },
      versusBaseline: difference(1_340_000, 1_339_000, 1_341_000),
      baselineVerdict: { figure: "versusBaseline", outcome: "more", text: "more than noop" },
      loadTimeNs: NOTHING,
      counts: null,
      throughput: null,
      added: added({
        timeNs: difference(1_341_610, 1_341_250, 1_341_970),
        clientNs: { ...NOTHING, value: 43_780, resolvable: false },
      }),
      module,
      timeRatio: { value: 28.476, low: 28.174, high: 28.791 },
      cpuRatio: NOTHING,
      memoryPerVmBytes: null,
    },
  ],
  timeLine: { atSeconds: [0, 0.01], starts: [0] },
  sweeps: [
    {
      dimension: "headers",
      points: [
        {
          value: "1",
          baseTimeNs: 8_000,
          controlTimeNs: difference(-4, -20, 40, false),
          filters: [
            { name: "noop", timeNs: difference(1462, 1450, 1480), cpuNs: UNTOLD },
            { name: "a-longer-name", timeNs: UNTOLD, cpuNs: UNTOLD },
          ],
        },
      ],
    },
  ],
  budgets: [
    {
      filter: "a-longer-name",
      name: "added_p50_us",
      limit: 15,
      measured: { value: 1341.61, low: 1341.25, high: 1341.97 },
      outcome: "exceeded",
      text: "a-longer-name: added_p50_us is 1342 [1341, 1342]; beyond 15 us",
    },
    {
      filter: "noop",
      name: "host_calls",
      limit: 4,
      measured: { value: 0, low: 0, high: 0 },
      outcome: "kept",
      text: "noop: host_calls is 0; within 4 a request",
    },
    {
      filter: "a-longer-name",
      name: "host_calls",
      limit: 4,
      measured: NOTHING,
      outcome: "not-measured",
      text: "a-longer-name: host_calls is nothing; it could not be measured",
    },
  ],
  loads: [],
  notes: ["a-longer-name logged 7 lines"],
};
