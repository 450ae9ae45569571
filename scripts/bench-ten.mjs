// Ten runs of `bench`, each with another seed: prints the table of docs/measuring.md. Wants a quiet
// machine and some eight minutes. Further arguments go to `bench`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const filters = ["noop", "hello", "api-key"];
const request = ["--header", "x-api-key: example-key-1"];
const us = (ns) => (ns === null ? "?" : (ns / 1000).toFixed(2).replace("-0.00", "0.00"));
const shown = ({ value, low, high }) => `${us(value)} [${us(low)}, ${us(high)}]`;

const folder = mkdtempSync(join(tmpdir(), "bench-ten-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
console.log(
  `| run | A/A time | A/A cpu | ${filters.map((name) => `${name} time`).join(" | ")} | s |`,
);
console.log("| --- | --- | --- | --- | --- | --- | --- |");
for (let run = 1; run <= 10; run++) {
  const file = join(folder, `${run}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      ...["dist/bin/as-proxy-wasm.js", "bench", ...filters, ...request, "--seed", String(run)],
      ...["--json", file, ...process.argv.slice(2)],
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  if (status !== 0) process.exit(status ?? 1);
  const { control, filters: measured, durationSeconds } = JSON.parse(readFileSync(file, "utf8"));
  const cells = [control.added.timeNs, control.added.cpuNs, ...measured.map((f) => f.added.timeNs)];
  console.log(`| ${run} | ${cells.map(shown).join(" | ")} | ${Math.round(durationSeconds)} |`);
}
