// Every sample in the doc comments of the SDK and in the guides compiles. That every name which filters
// can import has a doc comment is for TypeDoc to see (scripts/check.mjs).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import asc from "assemblyscript/asc";
import type { DiagnosticMessage } from "assemblyscript/asc";
import { packageRoot } from "../sdk/package-root.ts";
import { isForNode, programOf, samples, typeProblems } from "./testing/samples.ts";

/** The names that index.ts exports. */
function exportedNames(): ReadonlySet<string> {
  const text = readFileSync(join(packageRoot(), "index.ts"), "utf8");
  const lists = Array.from(text.matchAll(/^export \{(.*?)\}/gms), ([, list = ""]) => list);
  return new Set(lists.flatMap((list) => list.match(/\w+/g) ?? []));
}

/** As asc numbers them: a warning, and the one that classes are no exports of a module. */
const WARNING = 2;
const NO_EXPORT = 235;

/** What the compiler has against the programs, which are compiled all at once. */
async function problemsOf(programs: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const found: DiagnosticMessage[] = [];
  const root = packageRoot();
  const flags = ["--config", "none", "--baseDir", root, "--noEmit", "--runtime", "minimal"];
  const { error } = await asc.main([...programs.keys(), ...flags], {
    stdout: asc.createMemoryStream(),
    stderr: asc.createMemoryStream(),
    readFile: (name, baseDir) =>
      programs.get(name) ?? readFile(resolve(baseDir, name), "utf8").catch(() => null),
    reportDiagnostic: (diagnostic) => found.push(diagnostic),
  });
  const problems = found
    .filter(({ category, code }) => category >= WARNING && code !== NO_EXPORT)
    .map(({ message, range }) => {
      const file = range?.source?.normalizedPath ?? "";
      const line = programs.get(file)?.slice(0, range?.start).split("\n").at(-1)?.trim() ?? "";
      return `${file}: ${message}${line === "" ? "" : ` after: ${line}`}`;
    });
  return error !== null && problems.length === 0 ? [error.message] : problems;
}

test("every sample in doc comments and guides compiles", async () => {
  const exported = exportedNames();
  const programs = new Map<string, string>();
  const places = new Map<string, string>();
  for (const [index, sample] of samples().entries()) {
    if (isForNode(sample)) continue;
    programs.set(`sample-${index}.ts`, programOf(sample, exported));
    places.set(`sample-${index}.ts`, sample.place);
  }
  assert.ok(programs.size >= 29, String(programs.size));
  const problems = await problemsOf(programs);
  assert.deepEqual(
    problems.map((problem) =>
      problem.replace(/^sample-\d+\.ts/, (file) => places.get(file) ?? file),
    ),
    [],
  );
});

test("every sample for Node has the right types", () => {
  const found = samples().filter(isForNode);
  assert.notEqual(found.length, 0);
  assert.deepEqual(typeProblems(found), []);
  const text = 'import assert from "node:assert/strict";\nassert.equall(1, 1);\n';
  assert.match(typeProblems([{ place: "here:1", text }]).join(), /^here:1: Property 'equall' does/);
});

test("a sample that does not compile is noticed", async () => {
  const sample = { place: "here:1", text: "headers.sett('a', 'b');\n" };
  const problems = await problemsOf(new Map([["sample.ts", programOf(sample, exportedNames())]]));
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", /^sample\.ts: Property 'sett' does not exist/);
});
