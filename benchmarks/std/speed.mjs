// Time: the same loops over the same inputs as WebAssembly in Node's V8, in rounds that take turns,
// so that a busy moment meets all alike.
import { readFile } from "node:fs/promises";
import { CASES } from "./inputs.mjs";
import { cargo, compile, install, start } from "./modules.mjs";

/** How long one measurement takes, in milliseconds. */
const ROUND = 8;
/** Iterations between two collections of garbage. */
const BATCH = 32;

/** What is compared, in the order of the columns. */
async function contestants() {
  install();
  const jsonAs = ["--transform", "json-as/transform", "--enable", "simd"];
  const list = [
    ["std", await compile("ours.ts")],
    ["json-as", await compile("json-as.ts", jsonAs)],
    ["assemblyscript-json", await compile("assemblyscript-json.ts")],
    ["as-base64", await compile("as-base64.ts")],
    ["assemblyscript-regex", await compile("assemblyscript-regex.ts")],
  ];
  try {
    list.push(["Rust", await readFile(cargo("wasm32-unknown-unknown"))]);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    console.error("std-table: no cargo here, so without Rust");
  }
  return list;
}

/** The nanoseconds of one iteration. */
function measure(module, name, batches) {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < batches; i++) module.run(name, BATCH);
  return Number(process.hrtime.bigint() - begin) / (batches * BATCH);
}

/** The table of all cases, or of those that are named; `rounds` measurements each. */
export async function speedTable(rounds, only) {
  const binaries = await contestants();
  const rows = [];
  for (const { name, what, input } of CASES.filter((one) => !only || only.includes(one.name))) {
    const lanes = [];
    for (const [label, binary] of binaries) {
      const module = start(binary);
      if (!module.has(name)) continue;
      module.setInput(input);
      lanes.push({ label, module, sum: module.run(name, BATCH), batches: 1, times: [] });
    }
    for (const { label, sum } of lanes) {
      if (sum !== lanes[0].sum) throw new Error(`${name}: ${label} comes to another result`);
    }
    for (const lane of lanes) {
      // Until V8 has optimised it, and to know how many fit a round.
      const end = Date.now() + 300;
      while (Date.now() < end) measure(lane.module, name, 4);
      const time = measure(lane.module, name, 4) * BATCH;
      lane.batches = Math.max(1, Math.round((ROUND * 1e6) / time));
    }
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < lanes.length; i++) {
        const lane = lanes[(i + round) % lanes.length];
        lane.times.push(measure(lane.module, name, lane.batches));
      }
    }
    rows.push({ what, cells: new Map(lanes.map(({ label, times }) => [label, summary(times)])) });
  }
  const labels = binaries.map(([label]) => label);
  const lines = [
    `| microseconds: median [least, upper quartile] of ${rounds} rounds | ${labels.join(" | ")} |`,
    `|---|${labels.map(() => "---:|").join("")}`,
    ...rows.map(({ what, cells }) => {
      return `| ${what} | ${labels.map((label) => cells.get(label) ?? "").join(" | ")} |`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part) => {
    const value = sorted[Math.round(part * (sorted.length - 1))] / 1000;
    return value < 1000 ? value.toPrecision(3) : Math.round(value).toLocaleString("en-US");
  };
  return `${at(0.5)} [${at(0)}, ${at(0.75)}]`;
}
