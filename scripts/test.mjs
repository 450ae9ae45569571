// Runs the tests:
//   node scripts/test.mjs              all of them
//   node scripts/test.mjs sdk hello    those whose path contains one of the words
import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runTests } from "./run-tests.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const words = process.argv.slice(2);
const files = [];
for (const folder of ["assembly", "sdk", "harness", "bin", "conformance", "scripts"]) {
  for (const entry of await readdir(folder, { recursive: true }).catch(() => [])) {
    const file = `${folder}/${entry}`;
    // Those in both/ are run by conformance/both.test.ts.
    if (!file.endsWith(".test.ts") || file.startsWith("conformance/both/")) continue;
    if (words.length === 0 || words.some((word) => file.includes(word))) files.push(file);
  }
}
if (files.length === 0) {
  console.error(`no test file has ${words.join(" or ")} in its path`);
  process.exit(2);
}

// The commands that README's reader runs are those of these sources.
execFileSync(process.execPath, ["scripts/bundle.mjs", "--no-types"], { stdio: "inherit" });
process.exit(await runTests(files.sort()));
