// What the SDK adds to the least that any filter costs: examples/noop beside a module with the same
// exports that was written by hand (benchmarks/noop-by-hand.wat). Prints the table of docs/measuring.md
// ('The floor') and a sentence of README.md; --write puts them there. Wants a quiet machine and two
// and a half minutes.
//   node scripts/bench-floor.mjs [--runs 3] [--write] [-- further arguments of `bench`]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import binaryen from "binaryen";
import { benchReport, madeOn, shown, table } from "./bench-report.mjs";
import { checkPlace, publish } from "./publish.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "3" }, write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const runs = Number(values.runs);
const byHand = binaryen.parseText(readFileSync("benchmarks/noop-by-hand.wat", "utf8"));
mkdirSync("build", { recursive: true });
writeFileSync("build/noop-by-hand.wasm", byHand.emitBinary());

const filters = ["by-hand=build/noop-by-hand.wasm", "noop=examples/noop"];
if (values.write) {
  await checkPlace("docs/measuring.md", "floor");
  await checkPlace("README.md", "floor");
}
const reports = [];
for (let run = 1; run <= runs; run++) {
  console.error(`run ${run} of ${runs}`);
  reports.push(benchReport([...filters, "--seed", String(run), ...positionals]));
}

const ratio = (value) => (value === null ? "?" : value.toFixed(2));
const span = (of) => {
  const numbers = reports.map(({ filters: [, noop] }) => noop[of].value);
  return `${ratio(Math.min(...numbers))} to ${ratio(Math.max(...numbers))}`;
};
const floor = [
  `Measured ${madeOn(reports)}; \`npm run bench:floor\`:`,
  "",
  table(
    ["run", "by hand, time", "noop, time", "ratio", "by hand, cpu", "noop, cpu", "ratio"],
    reports.map(({ filters: [hand, noop] }, i) => [
      String(i + 1),
      shown(hand.added.timeNs),
      shown(noop.added.timeNs),
      shown(noop.timeRatio, ratio),
      shown(hand.added.cpuNs),
      shown(noop.added.cpuNs),
      shown(noop.cpuRatio, ratio),
    ]),
  ),
].join("\n");
await publish("docs/measuring.md", "floor", floor, values.write);
const sentence =
  `\`noop\` costs ${span("timeRatio")} times the time, and ${span("cpuRatio")} times the CPU, of a module with ` +
  `the same exports that was written by hand without an SDK (${runs} runs of \`npm run bench:floor\`).`;
await publish("README.md", "floor", sentence, values.write);
