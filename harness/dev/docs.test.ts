// What docs/dev.md and the help tell a reader to type is what the command takes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseCommandLine } from "../../sdk/cli/parse.ts";
import { packageRoot } from "../../sdk/package-root.ts";
import { devCommand } from "../cli/dev.ts";

test("the command lines of docs/dev.md and of the help are valid, and its pictures are there", () => {
  const text = readFileSync(join(packageRoot(), "docs/dev.md"), "utf8");
  const lines = [
    ...Array.from(text.matchAll(/^npx as-proxy-wasm dev (.*)$/gm), ([, line = ""]) => line),
    ...devCommand.examples.map(([line]) => line.replace("as-proxy-wasm dev ", "")),
  ];
  assert.ok(lines.length > 6, lines.join("\n"));
  for (const line of lines) assert.equal(parseCommandLine(devCommand, line.split(" ")).help, false);
  const pictures = Array.from(text.matchAll(/\]\((images\/.*?)\)/g), ([, path = ""]) => path);
  assert.equal(pictures.length, 4);
  for (const path of pictures) {
    const head = readFileSync(join(packageRoot(), "docs", path))
      .subarray(1, 4)
      .toString();
    assert.equal(head, "PNG", path);
  }
});
