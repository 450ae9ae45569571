// Ten runs of `bench`, each with another seed: prints the tables of docs/measuring.md ('Ten runs') and
// README.md ('What it costs'); --write puts them there. Wants a quiet machine and some eight minutes.
//   node scripts/bench-ten.mjs [--runs 10] [--write] [-- further arguments of `bench`]
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchReport, madeOn, shown, table, us } from "./bench-report.mjs";
import { checkPlace, publish } from "./publish.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values, positionals } = parseArgs({
  options: { runs: { type: "string", default: "10" }, write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const runs = Number(values.runs);
const names = ["noop", "hello", "api-key"];
const request = ["--header", "x-api-key: example-key-1"];

if (values.write) {
  await checkPlace("docs/measuring.md", "ten");
  await checkPlace("README.md", "cost");
}
const reports = [];
for (let run = 1; run <= runs; run++) {
  console.error(`run ${run} of ${runs}`);
  reports.push(benchReport([...names, ...request, "--seed", String(run), ...positionals]));
}

const of = (figure) => reports.map(figure);
const max = (numbers) => Math.max(...numbers);
const min = (numbers) => Math.min(...numbers);
const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return mean(sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1));
};
const holds = ({ low, high }, truth) => low <= truth && truth <= high;
const width = ({ low, high }) => high - low;
const count = (number) => number.toLocaleString("en");
/** One figure of the A/A control or of a filter, of each run. */
const control = (meter) => of((report) => report.control.added[meter]);
const filter = (i, meter) => of((report) => report.filters[i].added[meter]);
const worst = (meter) => max(control(meter).map(({ value }) => Math.abs(value)));
const span = (numbers) => `${us(min(numbers))} to ${us(max(numbers))}`;

const rows = reports.map(({ control, filters, durationSeconds }, i) => [
  String(i + 1),
  ...[control, ...filters].flatMap(({ added: { timeNs, cpuNs } }) => [shown(timeNs), shown(cpuNs)]),
  String(Math.round(durationSeconds)),
]);
const head = ["A/A", ...names].flatMap((name) => [`${name} time`, `${name} cpu`]);
const { method } = reports[0];
const agreement = names.map((name, i) => {
  const times = filter(i, "timeNs");
  const all = mean(times.map(({ value }) => value));
  const holding = times.filter((time) => holds(time, all)).length;
  return (
    `- ${name}: the runs gave ${span(times.map(({ value }) => value))} us; intervals were ` +
    `${span(times.map(width))} us wide, and ${holding} of ${runs} hold the mean of all runs.`
  );
});
const ten = [
  `Measured ${madeOn(reports)}, each run with another seed:`,
  "",
  "```text",
  `npx as-proxy-wasm bench ${names.join(" ")} --header '${request[1]}' --seed N`,
  "```",
  "",
  "Microseconds added to each request, with their 95 % intervals, and the seconds that a run took. Each " +
    `run had ${method.starts} starts of Envoy and ${count(min(of((report) => report.method.measuredRequests)))} ` +
    "requests or more on each listener.",
  "",
  table(["run", ...head, "seconds"], rows),
  "",
  `The A/A control stayed within ${us(worst("timeNs"))} us by the time meter and ${us(worst("cpuNs"))} us by ` +
    `the CPU meter; its intervals, ${span(control("timeNs").map(width))} us wide by the time meter, held 0 in ` +
    `${control("timeNs").filter((one) => holds(one, 0)).length} and ` +
    `${control("cpuNs").filter((one) => holds(one, 0)).length} of ${runs} runs (95 in 100 are to be expected).`,
  "",
  ...agreement,
].join("\n");
await publish("docs/measuring.md", "ten", ten, values.write);

const cost = [
  `Added to a request, in microseconds: the median of ${runs} runs, and the lowest and the highest of them.`,
  "",
  table(
    ["filter", "time", "cpu", "memory of a VM"],
    names.map((name, i) => {
      const cells = ["timeNs", "cpuNs"].map((meter) => {
        const numbers = filter(i, meter).map(({ value }) => value);
        return `${us(median(numbers))} (${span(numbers)})`;
      });
      const bytes = median(of(({ filters }) => filters[i].memoryPerVmBytes));
      return [name, ...cells, `${(bytes / 2 ** 20).toFixed(2)} MiB`];
    }),
  ),
  "",
  `The A/A control, two listeners without a filter, stayed within ${us(worst("timeNs"))} us (cpu: ` +
    `${us(worst("cpuNs"))} us) in all of them, of ${Math.round(max(of(({ durationSeconds }) => durationSeconds)))} ` +
    "seconds each or less.",
  "",
  `Measured ${madeOn(reports)}, one worker.`,
].join("\n");
await publish("README.md", "cost", cost, values.write);
