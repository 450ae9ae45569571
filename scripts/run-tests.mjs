// Bundles test files with esbuild (Node 20 runs no TypeScript) and hands them to node:test with source
// maps on, so that a failure names the line in the source.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { bundleForNode } from "./esbuild.mjs";

/** For each process, not for each test: a group takes a minute or two. */
const TIMEOUT_MS = 600_000;

/**
 * Tests that share a process with their neighbours: loading the compiler takes longer than compiling
 * with it once it is warm. The others start processes and listen for signals, and have one each.
 */
const SHARED = /^(?:assembly|conformance|sdk)\//;
const GROUP_SIZE = 8;

/** Writes the files' groups as files that import them; answers those, and the files that go alone. */
async function writeGroups(files, out) {
  const groups = new Map();
  const alone = files.filter((file) => !SHARED.test(file));
  for (const file of files.filter((file) => SHARED.test(file))) {
    const folder = file.slice(0, file.indexOf("/"));
    const group = groups.get(folder) ?? [];
    groups.set(folder, [...group, file]);
  }
  const written = [];
  for (const [folder, members] of groups) {
    for (let first = 0; first < members.length; first += GROUP_SIZE) {
      const imports = members
        .slice(first, first + GROUP_SIZE)
        .map((file) => `import ${JSON.stringify(resolve(file))};\n`);
      const path = `${out}/${folder}-${first / GROUP_SIZE}.ts`;
      await writeFile(path, imports.join(""));
      written.push(path);
    }
  }
  return [...written, ...alone];
}

/**
 * Runs test files from the repository's root; answers the exit code. `onlyAsItShips` leaves out the
 * builds of filters that make faults of memory handling show; `env` is what the tests see.
 */
export async function runTests(files, { onlyAsItShips = false, env = process.env } = {}) {
  // A folder for each run, so that several can go on side by side.
  await mkdir(".test-build", { recursive: true });
  const out = await mkdtemp(".test-build/run-");
  try {
    const groups = await writeGroups(files, out);
    await bundleForNode({
      entryPoints: groups,
      outbase: ".",
      outdir: out,
      outExtension: { ".js": ".mjs" },
      define: { ONLY_AS_IT_SHIPS: String(onlyAsItShips) },
    });
    const built = groups.map((file) => `${out}/${file.replace(/\.ts$/, ".mjs")}`);
    // Much of a test is waiting for Envoy: two at once, even where Node would run one.
    const atOnce = Math.max(2, availableParallelism() - 1);
    const flags = [
      "--enable-source-maps",
      `--test-timeout=${TIMEOUT_MS}`,
      `--test-concurrency=${atOnce}`,
    ];
    const { status } = spawnSync(process.execPath, [...flags, "--test", ...built], {
      stdio: "inherit",
      env,
    });
    return status ?? 1;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
