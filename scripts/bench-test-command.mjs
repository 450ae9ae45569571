// How long `test` takes: a warm re-run of one example's tests, and a cold one of all examples.
//   node scripts/bench-test-command.mjs [--runs 10] [--write]
// `--write` puts the table into docs/measuring.md. The tests themselves time nothing.
import { execFileSync, spawnSync } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { publish } from "./publish.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values } = parseArgs({
  options: { runs: { type: "string", default: "10" }, write: { type: "boolean" } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`--runs wants a number from 1 on, not ${values.runs}`);
  process.exit(2);
}
const PROGRAM = fileURLToPath(new URL("../bin/as-proxy-wasm.mjs", import.meta.url));
execFileSync(process.execPath, ["scripts/bundle.mjs", "--no-types"], { stdio: "inherit" });

/** A project of its own: examples as they are, and a cache that is nobody else's. */
const folder = await mkdtemp(join(tmpdir(), "bench-test-command-"));
const cache = join(folder, "caches");

/** Milliseconds that the program says it ran for, and of the whole process. */
function time(path) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, "test", path, "--reporter", "json"],
    { cwd: folder, encoding: "utf8", env: { ...process.env, XDG_CACHE_HOME: cache } },
  );
  const whole = performance.now() - started;
  if (status !== 0) throw new Error(`test ${path} ended with ${status}:\n${stdout}${stderr}`);
  return { run: JSON.parse(stdout).milliseconds, whole };
}

function row(what, limit, times) {
  const cells = ["run", "whole"].flatMap((kind) => {
    const sorted = times.map((each) => each[kind]).sort((one, other) => one - other);
    return [0, 0.5, 1].map((part) => Math.round(sorted[Math.floor(part * (sorted.length - 1))]));
  });
  return `| ${[what, limit, ...cells.map((each) => each.toLocaleString("en"))].join(" | ")} |`;
}

try {
  await cp("examples", join(folder, "examples"), { recursive: true });
  time("examples/hello");
  const warm = Array.from({ length: runs }, () => time("examples/hello"));
  const cold = [];
  for (let number = 0; number < runs; number++) {
    await rm(cache, { recursive: true, force: true });
    cold.push(time("examples"));
  }
  const load = loadavg()
    .map((each) => each.toFixed(1))
    .join(", ");
  const table = [
    "|  | wanted | run: min | median | max | whole: min | median | max |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    row("warm, one example (hello)", "run < 300 ms", warm),
    row("cold, all examples", "whole < 15 s", cold),
    "",
    `Milliseconds, ${runs} runs each, on ${availableParallelism()} cores with Node ${process.versions.node}; load ${load} in the end.`,
  ].join("\n");
  await publish("docs/measuring.md", "test-command", table, values.write === true);
} finally {
  await rm(folder, { recursive: true, force: true });
}
