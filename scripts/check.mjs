// Formatter, linter and both compilers over the whole repository; runs before the tests.
import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const require = createRequire(import.meta.url);

/** Runs one tool of node_modules; ends everything where it finds a fault. */
function run(what, module, ...args) {
  console.error(`check: ${what}`);
  try {
    execFileSync(process.execPath, [module, ...args], { stdio: "inherit" });
  } catch {
    console.error(`check: ${what}: failed`);
    process.exit(1);
  }
}

const bin = (name, file) => require.resolve(`${name}/package.json`).replace("package.json", file);

run(
  "formatting (npm run format mends it)",
  bin("prettier", "bin/prettier.cjs"),
  "--check",
  "--log-level",
  "warn",
  ".",
);
run("linting", bin("eslint", "bin/eslint.js"), "--max-warnings", "0", ".");
run("types of the Node side", bin("typescript", "bin/tsc"), "-p", "tsconfig.json");
run("types of the live page", bin("typescript", "bin/tsc"), "-p", "harness/dev/page");

run("documentation of the public API", bin("typedoc", "bin/typedoc"), "--emit", "none");

// The lint of AssemblyScript is its compiler: every file, as an entry of its own.
const sources = ["index.ts", "spec.ts", "benchmarks/jwt/filter.ts", "benchmarks/std/ours.ts"];
for (const folder of ["assembly", "conformance/filters", "examples", "sdk/spec/fixtures"]) {
  for (const entry of await readdir(folder, { recursive: true })) {
    if (/(?<!\.(test|fuzz|d))\.ts$/.test(entry) && !entry.startsWith("testing/"))
      sources.push(`${folder}/${entry}`);
  }
}
run(
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
