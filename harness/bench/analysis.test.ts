import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "./analysis.ts";
import { KEPT, type ListenerSamples, type Measurement } from "./measurement.ts";
import { notesOn } from "./notes.ts";
import { Random } from "./random.ts";
import type { Difference } from "./report.ts";

const ROUNDS = 400;
const CLIENT_ROUNDS = 200;

/** A machine whose speed drifts as the rounds go by, alike for all listeners. */
function drift(round: number): number {
  return 1500 * Math.sin(round / 40);
}

/** A listener that takes 8 us and what is added, give or take some 100 ns. */
function listener(name: string, added: number, seed: number, rounds = ROUNDS): ListenerSamples {
  const random = new Random(seed);
  const around = (middle: number) => (_: unknown, i: number) =>
    Math.round(middle + drift(Math.floor(i / KEPT)) + 200 * (random.next() - 0.5));
  const requests = { length: rounds * KEPT };
  return {
    name,
    total: Float64Array.from(requests, around(8000 + added)),
    headers: Float64Array.from(requests, around(7000 + added)),
    body: Float64Array.from(requests, around(900)),
    cpu: Float64Array.from({ length: rounds }, around(20_000 + 2 * added)),
    client: Float64Array.from({ length: CLIENT_ROUNDS * KEPT }, around(80_000 + added)),
    statuses: new Map([[200, 10_000]]),
    logLines: 0,
  };
}

function measurement(changes: Partial<Measurement> = {}): Measurement {
  return {
    rounds: ROUNDS,
    clientRounds: CLIENT_ROUNDS,
    clientRatePerSecond: 2000,
    warmUpRequests: 1500,
    base: listener("base", 0, 1),
    control: listener("control", 0, 2),
    filters: [listener("noop", 1000, 3), listener("twice", 2000, 4), listener("idle", 0, 5)],
    ...changes,
  };
}

function assertAbout(actual: Difference, expected: number, within: number): void {
  assert.ok(actual.value !== null && actual.low !== null && actual.high !== null);
  assert.ok(Math.abs(actual.value - expected) <= within, `${actual.value}, not ${expected}`);
  assert.ok(actual.low <= actual.value && actual.value <= actual.high);
  assert.ok(actual.high - actual.low <= 4 * within);
}

test("what was added is found under the drift, on each meter", () => {
  const { filters } = analyse(measurement(), "noop", 1);
  const [noop, twice] = filters;
  assert.ok(noop !== undefined && twice !== undefined);
  for (const [filter, added] of [
    [noop, 1000],
    [twice, 2000],
  ] as const) {
    assertAbout(filter.added.timeNs, added, 10);
    assertAbout(filter.added.headersTimeNs, added, 10);
    assertAbout(filter.added.bodyTimeNs, 0, 10);
    assertAbout(filter.added.timeP99Ns, added, 60);
    assertAbout(filter.added.cpuNs, 2 * added, 40);
    assertAbout(filter.added.clientNs, added, 10);
    assertAbout(filter.added.clientP99Ns, added, 120);
    for (const meter of ["timeNs", "headersTimeNs", "timeP99Ns", "cpuNs", "clientNs"] as const) {
      assert.equal(filter.added[meter].resolvable, true, meter);
    }
    assert.equal(filter.added.bodyTimeNs.resolvable, false);
  }
});

test("neither the control nor a filter that adds nothing is resolvable", () => {
  const { control, filters, noiseFloor } = analyse(measurement(), "noop", 1);
  assert.equal(control.added.timeNs.resolvable, false);
  assert.equal(filters[2]?.added.timeNs.resolvable, false);
  const { low, high } = control.added.timeNs;
  assert.equal(noiseFloor.timeNs, Math.max(Math.abs(low ?? NaN), Math.abs(high ?? NaN)));
});

test("a difference that the control has too is not resolvable, whatever its interval", () => {
  const biased = measurement({ control: listener("control", 3000, 2) });
  const { filters, noiseFloor } = analyse(biased, "noop", 1);
  const noop = filters[0]?.added.timeNs;
  assert.ok((noop?.low ?? 0) > 0 && (noiseFloor.timeNs ?? 0) > 2900);
  assert.equal(noop?.resolvable, false);
});

test("ratios are to the baseline, which has none itself", () => {
  const { filters } = analyse(measurement(), "noop", 1);
  assert.equal(filters[0]?.timeRatio, null);
  assert.equal(filters[0].cpuRatio, null);
  for (const ratio of [filters[1]?.timeRatio, filters[1]?.cpuRatio]) {
    assert.ok(Math.abs((ratio?.value ?? NaN) - 2) < 0.03);
    assert.ok((ratio?.low ?? NaN) > 1.9 && (ratio?.high ?? NaN) < 2.1);
  }
  const other = analyse(measurement(), "twice", 1).filters[0]?.timeRatio;
  assert.ok(Math.abs((other?.value ?? NaN) - 0.5) < 0.02);
});

test("of a baseline that may add nothing there is no ratio", () => {
  const { filters } = analyse(measurement(), "idle", 1);
  assert.deepEqual(filters[0]?.timeRatio, { value: null, low: null, high: null });
});

test("without the CPU meter there are no numbers of it, and a note", () => {
  const blind = (samples: ListenerSamples): ListenerSamples => ({ ...samples, cpu: null });
  const full = measurement();
  const without = measurement({
    base: blind(full.base),
    control: blind(full.control),
    filters: full.filters.map(blind),
  });
  const analysis = analyse(without, "noop", 1);
  const nothing = { value: null, low: null, high: null, resolvable: false };
  assert.deepEqual(analysis.filters[0]?.added.cpuNs, nothing);
  assert.equal(analysis.base.cpuNs, null);
  assert.equal(analysis.noiseFloor.cpuNs, null);
  assert.equal(analysis.filters[0].added.timeNs.resolvable, true);
  assert.match(notesOn(without, analysis).join("\n"), /CPU time is not available/);
});

test("a few rounds give values without intervals, and a note", () => {
  const few = measurement({
    rounds: 4,
    clientRounds: CLIENT_ROUNDS,
    base: listener("base", 0, 1, 4),
    control: listener("control", 0, 2, 4),
    filters: [listener("noop", 1000, 3, 4)],
  });
  const analysis = analyse(few, "noop", 1);
  const { value, low, high, resolvable } = analysis.filters[0]?.added.timeNs ?? {};
  assert.ok(Math.abs((value ?? NaN) - 1000) < 100);
  assert.deepEqual([low, high, resolvable], [null, null, false]);
  assert.equal(analysis.filters[0]?.added.timeP99Ns.value, null, "60 requests have no p99");
  assert.match(notesOn(few, analysis).join("\n"), /4 rounds are too few/);
});

test("the same measurement and seed give the same analysis, with finite numbers or null", () => {
  const first = analyse(measurement(), "noop", 9);
  assert.deepEqual(analyse(measurement(), "noop", 9), first);
  assert.deepEqual(JSON.parse(JSON.stringify(first)), first);
});

test("answers other than 200, log lines and a noisy control are noted", () => {
  const filters = [
    { ...listener("keys", 1000, 3), statuses: new Map([[401, 50]]), logLines: 7 },
    {
      ...listener("limit", 1000, 4),
      statuses: new Map([
        [429, 20],
        [200, 30],
        [403, 1],
      ]),
    },
  ];
  const noisy = measurement({ filters, control: listener("control", -600, 2) });
  const notes = notesOn(noisy, analyse(noisy, "keys", 1));
  assert.equal(notes.length, 5);
  assert.match(notes[0] ?? "", /^keys answered 401 to all 50 requests/);
  assert.match(notes[1] ?? "", /^keys logged 7 lines/);
  assert.match(notes[2] ?? "", /^limit answered 403 to 1 of 51 requests/);
  assert.match(notes[3] ?? "", /^limit answered 429 to 20 of 51 requests/);
  assert.match(notes[4] ?? "", /^the A\/A control differs by up to 0\.\d\d us/);
  const quiet = measurement();
  assert.deepEqual(notesOn(quiet, analyse(quiet, "noop", 1)), []);
});
