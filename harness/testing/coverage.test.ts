import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../bench/random.ts";
import { coverage, PLANS, SHIFTS } from "./coverage.ts";
import { MEASURED } from "./measured-models.ts";
import { modelOf, simulate } from "./simulation.ts";

// The short form of scripts/validate-statistics.mjs, which makes 2,000 data sets of each. Of 300 the
// share is 95 % give or take 1.3 (one standard deviation); the seed is fixed, so this never wavers.
const SETS = 300;

for (const kind of ["identical", "different"] as const) {
  test(`95 % intervals hold the truth about 95 times in 100, for ${kind} modules`, () => {
    for (const plan of PLANS) {
      const startSpread = plan.starts === 1 ? 0 : MEASURED[kind].startSpread;
      const model = { ...MEASURED[kind], startSpread };
      const { held } = coverage({ ...plan, model, shift: SHIFTS[kind] }, SETS, 1);
      assert.ok(held >= 0.92 && held <= 0.98, `${plan.name}: ${held}`);
    }
  });
}

test("an interval that leaves out how starts differ would not hold it", () => {
  const model = { ...MEASURED.different, startSpread: 100 };
  const one = { model, shift: 1500, starts: 1, roundsPerStart: 2000 };
  assert.ok(coverage(one, 40, 1).held < 0.8);
});

test("the model of simulated data is the model that they were made with", () => {
  const made = {
    startSpread: 120,
    kept: [0.5],
    autocorrelation: [0.5],
    innovations: Array.from({ length: 41 }, (_, i) => 10 * i),
  };
  const plan = { model: made, shift: 700, starts: 60, roundsPerStart: 300 };
  const { filters, base } = simulate(plan, new Random(3));
  const differences = Array.from({ length: 60 }, (_, start) =>
    Array.from({ length: 300 }, (_, round) => {
      const at = start * 300 + round;
      return (filters[0]?.total[at] ?? NaN) - (base.total[at] ?? NaN);
    }),
  );
  const found = modelOf(differences);
  assert.ok(Math.abs(found.startSpread - 120) < 30, `${found.startSpread}`);
  assert.ok(Math.abs((found.kept[0] ?? NaN) - 0.5) < 0.05, found.kept.join(", "));
  assert.ok(Math.abs((found.autocorrelation[1] ?? NaN) - 0.25) < 0.05);
  assert.ok(Math.abs((found.innovations[20] ?? NaN) - 200) < 15);
});
