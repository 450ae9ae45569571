import assert from "node:assert/strict";
import { test } from "node:test";
import { listener, measurement } from "../testing/samples.ts";
import { analyse } from "./analysis.ts";
import type { ListenerSamples } from "./measurement.ts";
import { notesOn } from "./notes.ts";
import type { Difference } from "./report-parts.ts";

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
    assertAbout(filter.added.requestTimeNs, added, 10);
    assertAbout(filter.added.responseTimeNs, 0, 10);
    assertAbout(filter.added.timeP99Ns, added, 60);
    assertAbout(filter.added.cpuNs, 2 * added, 40);
    assertAbout(filter.added.clientNs, added, 10);
    assertAbout(filter.added.clientP99Ns, added, 120);
    for (const meter of ["timeNs", "headersTimeNs", "timeP99Ns", "cpuNs", "clientNs"] as const) {
      assert.equal(filter.added[meter].resolvable, true, meter);
    }
    assert.equal(filter.added.bodyTimeNs.resolvable, false);
    assert.equal(filter.verdict.outcome, "more");
    const ratio = filter.throughput?.ratio?.value ?? NaN;
    assert.ok(Math.abs(ratio - 20_000 / (20_000 + 2 * added)) < 1e-9);
  }
});

test("quantiles, histograms and the series of bursts are of the same requests", () => {
  const analysis = analyse(measurement(), "noop", 1);
  const { base, filters, timeLine } = analysis;
  assert.equal(analysis.blocks.kind, "starts");
  assert.deepEqual(timeLine.starts, [0, 50, 100, 150, 200, 250, 300, 350]);
  assert.deepEqual(timeLine.atSeconds.slice(0, 3), [0, 0.005, 0.01]);
  for (const one of [base, ...filters]) {
    assert.deepEqual(
      one.quantiles.map(({ probability }) => probability),
      [0.5, 0.9, 0.99],
    );
    assert.equal(one.series.timeNs.length, 400);
    assert.ok(one.series.timeNs.every((time, i) => time <= (one.series.timeMaxNs[i] ?? 0)));
    const { edges, counts } = one.histogram;
    assert.deepEqual(edges, base.histogram.edges);
    assert.equal(counts.length, edges.length - 1);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      6000,
    );
    assert.equal(one.rates[0]?.requests, 3000);
  }
  const p90 = filters[0]?.addedQuantiles.find(({ probability }) => probability === 0.9);
  assert.ok(Math.abs((p90?.value ?? NaN) - 1000) < 60);
  assert.equal(filters[0]?.rates[0]?.added[0]?.resolvable, true);
});

test("the verdict is in words: more, less, or not resolvable and why", () => {
  const { filters } = analyse(measurement(), "twice", 1);
  const [noop, twice, idle] = filters;
  assert.ok(noop !== undefined && noop.baselineVerdict !== null);
  assert.match(noop.verdict.text, /^noop adds 1\.00 us \[\d\.\d\d, 1\.\d\d\] a request$/);
  assert.match(noop.baselineVerdict.text, /^noop adds 1\.00 us \[.*\] less than twice$/);
  assert.equal(noop.baselineVerdict.outcome, "less");
  assert.equal(twice?.baselineVerdict, null);
  assert.equal(idle?.verdict.outcome, "not-resolvable");
  assert.match(idle.verdict.text, /^what idle adds to a request is not resolvable: /);
});

test("a difference from start to start is in the interval, however many rounds a start has", () => {
  const moved = listener("moved", 1000, 3);
  // The starts put the filter's code now here, now there.
  moved.total.forEach((time, i) => {
    moved.total[i] = time + (Math.floor(i / (50 * 15)) % 2 === 0 ? 300 : -300);
  });
  const { low, high } = analyse(measurement({ filters: [moved] }), "moved", 1).filters[0]?.added
    .timeNs ?? { low: null, high: null };
  assert.ok((high ?? NaN) - (low ?? NaN) > 400, `${String(low)} to ${String(high)}`);
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
  const rounds = { bursts: 4, sides: 1, client: [1], throughput: 1 };
  const few = measurement({
    rounds: [rounds],
    times: [0, 5, 10, 15],
    base: listener("base", 0, 1, rounds, 1),
    control: listener("control", 0, 2, rounds, 1),
    filters: [listener("noop", 1000, 3, rounds, 1)],
  });
  const analysis = analyse(few, "noop", 1);
  const { value, low, high, resolvable } = analysis.filters[0]?.added.timeNs ?? {};
  assert.ok(Math.abs((value ?? NaN) - 1000) < 100);
  assert.deepEqual([low, high, resolvable], [null, null, false]);
  assert.equal(analysis.filters[0]?.added.timeP99Ns.value, null, "60 requests have no p99");
  assert.match(notesOn(few, analysis).join("\n"), /4 rounds are too few/);
  assert.match(notesOn(few, analysis).join("\n"), /speak for this one start of Envoy/);
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
