// Entry of scripts/validate-statistics.mjs.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { BenchReport } from "../bench/report.ts";
import { publish } from "../../scripts/publish.mjs";
import { coverage, PLANS, SHIFTS } from "./coverage.ts";
import { MEASURED } from "./measured-models.ts";
import { modelsOf } from "./model-of-report.ts";

const { values } = parseArgs({
  options: {
    report: { type: "string" },
    save: { type: "boolean" },
    write: { type: "boolean" },
    sets: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
  },
});
const sets = Number(values.sets);
const report =
  values.report === undefined
    ? null
    : (JSON.parse(await readFile(values.report, "utf8")) as BenchReport);
const models = report === null ? MEASURED : modelsOf(report);
if (values.save === true) {
  const rounded = JSON.stringify(models, (_, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value,
  );
  await writeFile(
    "harness/testing/measured-models.ts",
    "// Written by `node scripts/validate-statistics.mjs --report FILE --save` from a real run.\n" +
      'import type { Models } from "./model-of-report.ts";\n\n' +
      "/** What the differences between bursts were like. */\n" +
      `export const MEASURED: Models = ${rounded};\n`,
  );
}

for (const name of ["identical", "different"] as const) {
  const { startSpread, autocorrelation } = models[name];
  const lags = autocorrelation.map((one) => one.toFixed(2)).join(", ");
  console.log(`${name}: starts differ by ${Math.round(startSpread)} ns (standard deviation);`);
  console.log(`  autocorrelation at lags 1, 2, 5, 10, 20: ${lags}`);
}
console.log("");
const lines = [
  `| ${sets} data sets each | modules | held the truth | mean width |`,
  "| --- | --- | ---: | ---: |",
];
let failed = false;
for (const plan of PLANS) {
  for (const kind of ["identical", "different"] as const) {
    // One start cannot know how starts differ, and its intervals do not claim to.
    const model = plan.starts === 1 ? { ...models[kind], startSpread: 0 } : models[kind];
    const simulated = { ...plan, model, shift: SHIFTS[kind] };
    const { held, width } = coverage(simulated, sets, Number(values.seed));
    failed ||= held < 0.93 || held > 0.97;
    const percent = `${(100 * held).toFixed(1)} %`;
    lines.push(`| ${plan.name} | ${kind} | ${percent} | ${(width / 1000).toFixed(3)} us |`);
  }
}
await publish("docs/measuring.md", "coverage", lines.join("\n"), values.write === true);
if (failed) {
  console.error("an interval holds the truth less than 93 or more than 97 times in a hundred");
  process.exitCode = 1;
}
