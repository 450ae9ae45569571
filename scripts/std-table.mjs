// What the helpers of std/ cost: bytes in a module, and time beside what an author would otherwise
// use. Prints two Markdown tables; --write puts them into docs/std.md, on a quiet machine.
//   node scripts/std-table.mjs [--sizes | --speed] [--rounds N] [--only jsonRead] [--write]
// --sizes needs the command (npm run build). --speed installs the packages that it compares with in
// benchmarks/std at its first run, and compares Rust (cargo, with the target
// wasm32-unknown-unknown) where it is installed.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { sizeTable } from "../benchmarks/std/sizes.mjs";
import { speedTable } from "../benchmarks/std/speed.mjs";
import { publish } from "./publish.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values } = parseArgs({
  options: {
    sizes: { type: "boolean", default: false },
    speed: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    rounds: { type: "string", default: "25" },
  },
});
if (values.write && values.only) {
  console.error("std-table: --write is for all rows, without --only");
  process.exit(2);
}
const all = !values.sizes && !values.speed;
if (all || values.sizes) await publish("docs/std.md", "sizes", await sizeTable(), values.write);
if (all || values.speed) {
  const table = await speedTable(Number(values.rounds), values.only);
  await publish("docs/std.md", "speed", table, values.write);
}
