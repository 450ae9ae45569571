// What the SDK adds to the least that any filter costs: examples/noop beside a module with the same
// exports that was written by hand (benchmarks/noop-by-hand.wat). Further arguments go to `bench`.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const byHand = binaryen.parseText(readFileSync("benchmarks/noop-by-hand.wat", "utf8"));
mkdirSync("build", { recursive: true });
writeFileSync("build/noop-by-hand.wasm", byHand.emitBinary());
const filters = ["by-hand=build/noop-by-hand.wasm", "noop=examples/noop"];
const { status } = spawnSync(
  process.execPath,
  ["dist/bin/as-proxy-wasm.js", "bench", ...filters, ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
process.exit(status ?? 1);
