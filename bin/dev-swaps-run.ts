// Swaps by `dev` under load, as many as one likes; run by scripts/dev-swaps.mjs.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { swapUnderLoad } from "./dev-swaps.ts";

const swaps = Number(process.argv[2] ?? 200);
if (!Number.isInteger(swaps) || swaps < 1) {
  console.error(`how many swaps? a number from 1 on, not ${process.argv[2] ?? ""}`);
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), "dev-swaps-"));
const result = await swapUnderLoad(swaps, folder).finally(() =>
  rm(folder, { recursive: true, force: true }),
);
const spread = (times: readonly number[]): string => {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? NaN;
  return `median ${at(0.5)} ms, 90 in 100 within ${at(0.9)} ms, longest ${at(1)} ms`;
};
console.log(`${result.swaps} swaps, ${result.responses} responses, ${result.wrong.length} wrong`);
console.log(`build: ${spread(result.buildMs)}`);
console.log(`swap: ${spread(result.swapMs)}`);
for (const wrong of result.wrong.slice(0, 20)) console.log(`wrong: ${wrong}`);
const left = result.left.length > 0 ? `left behind: ${result.left.join(", ")}` : "nothing is left";
console.log(`dev ended with ${result.exit ?? "a signal"}; ${left}`);
if (result.wrong.length > 0 || result.exit !== 0 || result.left.length > 0) process.exitCode = 1;
