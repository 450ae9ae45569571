// What reading headers costs, one by one and by `snapshot`: prints the table of docs/measuring.md
// ('Reading headers'); --write puts it there. Wants a quiet machine and a minute and a half.
//   node scripts/bench-header-reads.mjs [--write] [-- further arguments of `bench`]
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchReport, madeOn, shown, table } from "./bench-report.mjs";
import { checkPlace, publish } from "./publish.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values, positionals } = parseArgs({
  options: { write: { type: "boolean", default: false } },
  allowPositionals: true,
});
if (values.write) await checkPlace("docs/measuring.md", "header-reads");

const COUNTS = [1, 2, 3, 8];
const WAYS = ["get", "snapshot"];
const filters = WAYS.flatMap((way) =>
  COUNTS.flatMap((count) => [
    `${way}-${count}=benchmarks/header-reads/filter.ts`,
    ...["--config", JSON.stringify({ [way]: count })],
  ]),
);
const report = benchReport([...filters, ...positionals]);
const added = (way, count, meter) =>
  shown(report.filters[WAYS.indexOf(way) * COUNTS.length + COUNTS.indexOf(count)].added[meter]);
const rows = COUNTS.map((count) => [
  String(count),
  ...WAYS.flatMap((way) => ["timeNs", "cpuNs"].map((meter) => added(way, count, meter))),
]);
const head = WAYS.flatMap((way) => [`\`${way}\`, time`, `\`${way}\`, cpu`]);
const text = [
  table(["headers read", ...head], rows),
  "",
  `Microseconds added to a request, measured ${madeOn([report])}.`,
].join("\n");
await publish("docs/measuring.md", "header-reads", text, values.write);
