import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import asc from "assemblyscript/asc";
import { createHost } from "../host/index.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { build } from "./build.ts";
import { patchLibrary } from "./runtime-library.ts";

// 2,000 strings of ten characters: 40 KB joined; added one after the other, 40 MB in all.
const JOINING = `import { HttpFilter, RequestHeaders, Action, registerHttpFilter } from "as-proxy-wasm";

class Joining extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    const parts = new Array<string>();
    for (let i = 0; i < 2000; i++) parts.push("0123456789");
    const fixed = StaticArray.fromArray(parts);
    const before = memory.size();
    const joined = parts.join(";").length;
    headers.set("x-array", joined.toString());
    headers.set("x-array-grown", (memory.size() - before).toString());
    headers.set("x-static", fixed.join("").length.toString());
    headers.set("x-static-grown", (memory.size() - before).toString());
    return Action.Continue;
  }
}
registerHttpFilter<Joining>("joining");
`;

test("2,000 strings are joined in memory that is linear in their length", async (t) => {
  const cwd = await temporaryFolder(t);
  await writeFile(join(cwd, "filter.ts"), JOINING);
  const { wasm } = await build({ entry: "filter.ts", cwd, out: "out.wasm" });
  await using host = await createHost({ wasm });
  const { upstream } = await host.request();
  const headers = new Map(upstream?.headers);
  const header = (name: string): number => Number(headers.get(name));
  assert.equal(header("x-array"), 2000 * 11 - 1);
  assert.equal(header("x-static"), 2000 * 10);
  // Memory grows to twice its size when it must: the least that a joined text may cost is a few pages.
  assert.ok(header("x-array-grown") <= 4, `${header("x-array-grown")} pages for an array`);
  assert.ok(header("x-static-grown") <= 8, `${header("x-static-grown")} pages for both`);
});

for (const name of ["rt/tcms", "rt/tlsf", "array", "staticarray"]) {
  test(`a compiler whose ${name} is another is refused, and left as it is`, (t) => {
    const text = asc.libraryFiles[name] ?? "";
    t.after(() => (asc.libraryFiles[name] = text));
    const before = { ...asc.libraryFiles, [name]: "export const moved = 1;" };
    asc.libraryFiles[name] = "export const moved = 1;";
    assert.throws(
      () => patchLibrary({}),
      /library has changed: sdk\/compiler\/runtime-library\.ts/,
    );
    assert.deepEqual(asc.libraryFiles, before);
  });
}
