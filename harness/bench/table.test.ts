import assert from "node:assert/strict";
import { test } from "node:test";
import type { BenchReport, Difference, Meters } from "./report.ts";
import { renderTable } from "./table.ts";

const NOTHING = { value: null, low: null, high: null };

function difference(value: number, low: number, high: number, resolvable = true): Difference {
  return { value, low, high, resolvable };
}

function added(changes: Partial<Meters<Difference>>): Meters<Difference> {
  const unknown = { ...NOTHING, resolvable: false };
  return {
    timeNs: unknown,
    headersTimeNs: unknown,
    bodyTimeNs: unknown,
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
  };
}

const module = { argument: "x", bytes: 184, sha256: "0".repeat(64), initialMemoryPages: 1 };

const REPORT: BenchReport = {
  schema: 1,
  tool: { name: "as-proxy-wasm", version: "0.1.0" },
  startedAt: "2030-01-02T03:04:05.678Z",
  durationSeconds: 33.4,
  environment: {
    envoyVersion: "1.40.0",
    envoySource: "cache",
    nodeVersion: "20.20.2",
    platform: "linux-x64",
    cpuModel: "a processor",
    cores: 2,
    workers: 1,
  },
  method: {
    seed: 1,
    rounds: 1831,
    burstRequests: 20,
    burstDropped: 5,
    warmUpRequests: 1500,
    measuredRequests: 27_465,
    request: { path: "/", headerNames: ["accept"], bytes: 60 },
    clientRatePerSecond: 2000,
    clientRounds: 166,
    clientMeasuredRequests: 2490,
    memory: "as it is measured",
    confidence: 0.95,
    bootstrapResamples: 1000,
    baseline: "noop",
  },
  noiseFloor: {
    timeNs: 40,
    headersTimeNs: 40,
    bodyTimeNs: 10,
    timeP99Ns: 3000,
    cpuNs: 150,
    clientNs: 400,
    clientP99Ns: null,
  },
  base: listener("base"),
  control: {
    ...listener("control"),
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
  notes: ["a-longer-name logged 7 lines"],
};

test("the table of a report", () => {
  assert.equal(
    renderTable(REPORT),
    `Added per request, compared with no filter: median of paired differences [95 % interval]

filter              added time us        p99 delta us              cpu us           client us      memory/VM
noop            1.46 [1.45, 1.48]      not resolvable   2.72 [2.61, 2.81]   3.42 [2.91, 3.78]       0.89 MiB
a-longer-name   1342 [1341, 1342]    too few requests       not available      not resolvable  not available
A/A control    0.00 [-0.02, 0.04]  1.12 [-0.64, 3.00]  0.06 [-0.01, 0.15]  0.00 [-0.37, 0.40]

times noop               added time             cpu
a-longer-name  28.48 [28.17, 28.79]  not resolvable

Envoy 1.40.0, 1 worker, 2 cores, linux-x64; 1,831 rounds, 27,465 requests each; client at 2,000/s, 2,490 requests each; seed 1; 33 s
note: a-longer-name logged 7 lines
`,
  );
});

test("one filter alone has nothing to be compared with", () => {
  const text = renderTable({ ...REPORT, filters: REPORT.filters.slice(0, 1), notes: [] });
  assert.doesNotMatch(text, /times noop|note:/);
});
