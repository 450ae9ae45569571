// What the helpers of std/ cost: bytes in a module, and time beside what an author would otherwise
// use. Prints two Markdown tables, which docs/std.md shows.
//   npm ci --prefix benchmarks/std --ignore-scripts     what is compared, once
//   node scripts/std-table.mjs [--sizes | --speed] [--rounds N]
// Rust (cargo, target wasm32-unknown-unknown) is compared where it is installed.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { sizeTable } from "../benchmarks/std/sizes.mjs";
import { speedTable } from "../benchmarks/std/speed.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values } = parseArgs({
  options: {
    sizes: { type: "boolean", default: false },
    speed: { type: "boolean", default: false },
    rounds: { type: "string", default: "25" },
  },
});
const all = !values.sizes && !values.speed;
if (all || values.sizes) console.log(await sizeTable());
if (all || values.speed) console.log(await speedTable(Number(values.rounds)));
