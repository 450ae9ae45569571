import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createHost } from "../host/index.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { build } from "./build.ts";
import { readLogPosition } from "./log-position.ts";

const FILTER = `import { Action, HttpFilter, RequestHeaders, log as say, registerHttpFilter } from "as-proxy-wasm";
import { other } from "./other";

class F extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path");
    say.info(path == null ? "none" : "path " + path!);
    if (path !== null) { say.warn(\`two
lines\`); }
    other();
    return Action.Continue;
  }
}
registerHttpFilter<F>("f");
`;
const OTHER = `import { log } from "as-proxy-wasm";
export function other(): void {
  for (let i = 0; i < 2; i++) log.debug("step " + i.toString());
}
`;

test("lines that a filter logs carry where, in each file and under any name of the import", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "f.ts"), FILTER);
  await writeFile(join(folder, "other.ts"), OTHER);
  const read: string[] = [];
  const options = { entry: "f.ts", cwd: folder, out: join(folder, "f.wasm") };
  const { wasm } = await build({
    ...options,
    logPositions: true,
    onRead: (path) => read.push(path),
  });
  const host = await createHost({ wasm, logLevel: "trace" });
  t.after(() => host.close());
  await host.request({ path: "/x" });
  const placed = host.logs.texts().map(readLogPosition);
  assert.deepEqual(
    placed.map(
      ({ text, place }) => `${place?.file ?? ""}:${place?.line ?? 0}:${place?.column ?? 0} ${text}`,
    ),
    ["f.ts:7:5 path /x", "f.ts:8:26 two\nlines", "other.ts:3:31 step 0", "other.ts:3:31 step 1"],
  );
  assert.deepEqual(
    [...new Set(read)].filter((path) => path.startsWith(folder)).sort(),
    ["f.ts", "other.ts"].map((name) => join(folder, name)),
  );
  assert.ok(
    read.every((path) => !path.includes("/assembly/http/")),
    "the SDK's own files",
  );
});

test("an ordinary build logs what the filter says and no more", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "f.ts"), FILTER);
  await writeFile(join(folder, "other.ts"), OTHER);
  const { wasm } = await build({ entry: "f.ts", cwd: folder, out: join(folder, "f.wasm") });
  const host = await createHost({ wasm, logLevel: "info" });
  t.after(() => host.close());
  await host.request({ path: "/x" });
  assert.deepEqual(host.logs.texts(), ["path /x", "two\nlines"]);
  assert.deepEqual(readLogPosition("\u0001odd"), { text: "\u0001odd", place: null });
});

test("a file that an import looks for and does not find is told, too", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "f.ts"), FILTER);
  const read: string[] = [];
  await assert.rejects(
    build({ entry: "f.ts", cwd: folder, onRead: (path) => read.push(path) }),
    /other/,
  );
  assert.ok(read.includes(join(folder, "other.ts")));
});
