// Formatter, linter and both compilers over the whole repository; runs before the tests.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const require = createRequire(import.meta.url);

/** Tools that have found a fault, in words. */
const faults = [];

/** Runs one tool of node_modules; its output comes at once when it has ended. */
async function run(what, module, ...args) {
  const child = spawn(process.execPath, [module, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => output.push(chunk));
  const [code] = await once(child, "close");
  console.error(`check: ${what}${code === 0 ? "" : ": failed"}`);
  process.stderr.write(Buffer.concat(output));
  if (code !== 0) faults.push(what);
}

/** Two at once, in the order in which they were added. */
const queue = [];
const add = (...tool) => queue.push(tool);
async function takeTurns() {
  for (let tool = queue.shift(); tool !== undefined; tool = queue.shift()) await run(...tool);
}

const bin = (name, file) => require.resolve(`${name}/package.json`).replace("package.json", file);

// The longest: it keeps one core busy while the others take turns on the other.
add("linting", bin("eslint", "bin/eslint.js"), "--max-warnings", "0", ".");

add(
  "formatting (npm run format mends it)",
  bin("prettier", "bin/prettier.cjs"),
  "--check",
  "--log-level",
  "warn",
  ".",
);
add("types of the Node side", bin("typescript", "bin/tsc"), "-p", "tsconfig.json");
add("types of the live page", bin("typescript", "bin/tsc"), "-p", "harness/dev/page");

add("documentation of the public API", bin("typedoc", "bin/typedoc"), "--emit", "none");

// The lint of AssemblyScript is its compiler: every file, as an entry of its own.
const sources = [
  "index.ts",
  "spec.ts",
  "benchmarks/header-reads/filter.ts",
  "benchmarks/jwt/filter.ts",
  "benchmarks/std/ours.ts",
];
for (const folder of ["assembly", "conformance/filters", "examples", "sdk/spec/fixtures"]) {
  for (const entry of await readdir(folder, { recursive: true })) {
    if (/(?<!\.(test|fuzz|d))\.ts$/.test(entry) && !entry.startsWith("testing/"))
      sources.push(`${folder}/${entry}`);
  }
}
add(
  "AssemblyScript as its compiler sees it",
  bin("assemblyscript", "bin/asc.js"),
  ...sources.sort(),
  "--config",
  "none",
  "--noEmit",
  "--runtime",
  "minimal",
  "--disableWarning",
  "235",
);

await Promise.all([takeTurns(), takeTurns()]);
if (faults.length > 0) process.exit(1);
