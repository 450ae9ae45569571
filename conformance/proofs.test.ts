// What docs/ says of Envoy is proven: each statement names a test, and that test exists.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../sdk/package-root.ts";
import { formatted } from "./support/abi-table/print.ts";
import { sections } from "./support/abi-table/table.ts";
import { namedTests } from "./support/test-names.ts";

const read = (file: string): string => readFileSync(join(packageRoot(), "docs", file), "utf8");

test("each statement on the life of a request has a test that exists", () => {
  const tests = namedTests();
  const text = read("life-of-a-request.md");
  const proofs = new Map<string, string>();
  for (const [, name = "", file = "", proof = ""] of text.matchAll(
    /^\[\^([\w-]+)\]: \[([\w.-]+)\]\(\.\.\/conformance\/\2\): (.+)$/gm,
  )) {
    assert.ok(!proofs.has(name), name);
    proofs.set(name, `${file}: ${proof}`);
    assert.ok(
      tests.some((each) => each.file === file && each.fits(proof)),
      `there is no test '${proof}' in ${file}`,
    );
  }
  // A list's items and a table's rows are statements, also where they go over several lines.
  const [, ...sections] = text.replace(/^```[^`]*^```$/gm, "").split(/^## .*$/m);
  const statements = sections
    .join("\n")
    .split(/\n(?=- |\||\n|\[\^)/)
    .filter((block) => /^(?:- |\| (?!-|answer of))/.test(block));
  assert.ok(statements.length > 35, String(statements.length));
  const used = new Set<string>();
  for (const statement of statements) {
    const notes = [...statement.matchAll(/\[\^([\w-]+)\]/g)].map(([, name = ""]) => name);
    assert.notEqual(notes.length, 0, `no proof: ${statement}`);
    for (const name of notes) {
      assert.ok(proofs.has(name), `no footnote ${name}: ${statement}`);
      used.add(name);
    }
  }
  assert.deepEqual(used, new Set(proofs.keys()));
});

/** What a test's file and the filters that it builds say. */
function textOf(file: string): string {
  const test = readFileSync(join(packageRoot(), "conformance", file), "utf8");
  const filters = new Set(test.match(/conformance\/filters\/[\w-]+\.ts/g));
  return [
    test,
    ...[...filters].map((each) => readFileSync(join(packageRoot(), each), "utf8")),
  ].join();
}

test("each row of the ABI has a proof that exists, and that uses what it proves", () => {
  const tests = namedTests();
  const problems: string[] = [];
  for (const { title, rows } of sections()) {
    for (const { name, sdk, proof } of rows) {
      const [file = "", ...words] = proof.split(": ");
      if (!tests.some((each) => each.file === file && each.fits(words.join(": ")))) {
        problems.push(`${title}: ${name}: there is no test '${proof}'`);
        continue;
      }
      // A value may stand as its number in a test; all else is called by its name.
      if (title === "Values" || sdk.startsWith("-")) continue;
      const text = textOf(file);
      for (const [, used = ""] of sdk.matchAll(/`(?:[\w.]*\.)?(\w+)`/g)) {
        if (used !== "null" && !new RegExp(`\\b${used}\\b`).test(text))
          problems.push(`${title}: ${name}: '${proof}' has no ${used}`);
      }
    }
  }
  assert.deepEqual(problems, []);
});

test("docs/abi.md is the table as it is made", async () => {
  const file = join("docs", "abi.md");
  assert.equal(read("abi.md"), await formatted(file), "run: node scripts/abi-table.mjs");
});
