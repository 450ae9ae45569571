// docs/fuzzing.md has the figures of every helper that is fuzzed.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

/** The text between two marks. */
function between(text: string, begin: string, end: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  assert.ok(from >= 0 && to > from, `docs/fuzzing.md has no ${begin}`);
  return text.slice(from, to);
}

test("docs/fuzzing.md has a row for every fuzzing, and says how it may differ", async () => {
  const names: string[] = [];
  for (const file of await readdir("assembly", { recursive: true })) {
    if (!file.endsWith(".fuzz.ts")) continue;
    const source = await readFile(`assembly/${file}`, "utf8");
    const found = [...source.matchAll(/defineFuzz<[^]*?\n {2}name: "([^"]+)",/g)];
    assert.equal(found.length, source.split("defineFuzz<").length - 1, file);
    names.push(...found.map(([, name = ""]) => name));
  }
  const page = await readFile("docs/fuzzing.md", "utf8");
  const table = between(page, "<!-- begin fuzzing -->", "<!-- end fuzzing -->");
  const rows = [...table.matchAll(/^\| ([a-z][\w-]+) +\| +\d* +\|/gm)].map(([, name = ""]) => name);
  const listed = rows.filter((name) => name !== "helper");
  assert.deepEqual(listed.toSorted(), names.toSorted());
  const differences = page.slice(page.indexOf("## Differences that are intended"));
  for (const name of names) assert.ok(differences.includes(`\`${name}\``), name);
});
