import assert from "node:assert/strict";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { build } from "./build.ts";
import { cachedBuild, cachedSpec } from "./cached-build.ts";
import type { CachedBuild } from "./cached-build.ts";
import type { Stress } from "./runtime-library.ts";

const FILTER = `import { HttpFilter, RequestHeaders, Action, registerHttpFilter } from "as-proxy-wasm";
import { NAME } from "./names";

class Own extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.set(NAME, "1");
    return Action.Continue;
  }
}
registerHttpFilter<Own>("own");
`;
const NAMES = 'export const NAME: string = "x-own";\n';

interface Project {
  readonly folder: string;
  readonly cache: string;
  build(stress?: Stress): Promise<CachedBuild>;
}

/** A filter of two files, and a cache of its own. */
async function project(t: TestContext, cache?: string): Promise<Project> {
  const folder = await temporaryFolder(t);
  const cacheFolder = cache ?? join(folder, "cache");
  await writeFile(join(folder, "filter.ts"), FILTER);
  await writeFile(join(folder, "names.ts"), NAMES);
  return {
    folder,
    cache: cacheFolder,
    build: (stress = {}) =>
      cachedBuild({ entry: "filter.ts", cwd: folder, cacheFolder, stress, debug: true }),
  };
}

test("a second build of the same sources is found, and is what build makes", async (t) => {
  const one = await project(t);
  const first = await one.build();
  const second = await one.build();
  assert.deepEqual([first.cached, second.cached], [false, true]);
  const real = await build({
    entry: "filter.ts",
    cwd: one.folder,
    out: join(one.folder, "real.wasm"),
    debug: true,
  });
  for (const built of [first, second]) {
    assert.deepEqual(Buffer.from(built.wasm), Buffer.from(real.wasm));
    assert.equal(built.sourceMap, real.sourceMap);
    assert.deepEqual(built.callbacks, real.callbacks);
    assert.deepEqual(built.registrations, ["own"]);
    assert.ok(built.sources.includes(join(one.folder, "names.ts")));
    assert.ok(built.sources.some((path) => path.endsWith("/assembly/http/filter.ts")));
  }
  // The same sources elsewhere are the same.
  assert.equal((await (await project(t, one.cache)).build()).cached, true);
});

test("what an import holds, how it is built, and a file that comes to be make another module", async (t) => {
  const one = await project(t);
  const { wasm } = await one.build();
  assert.equal((await one.build({ poisonFreed: true })).cached, false);
  await writeFile(join(one.folder, "names.ts"), NAMES.replace("x-own", "x-two"));
  const changed = await one.build();
  assert.equal(changed.cached, false);
  assert.notDeepEqual(Buffer.from(changed.wasm), Buffer.from(wasm));
  await writeFile(join(one.folder, "names.ts"), NAMES);
  assert.equal((await one.build()).cached, true, "and back again");

  await mkdir(join(one.folder, "names"));
  await rename(join(one.folder, "names.ts"), join(one.folder, "names", "index.ts"));
  assert.equal((await one.build()).cached, false);
  assert.equal((await one.build()).cached, true);
  // Now ./names is another file than it was, although none of those that were read has changed.
  await writeFile(join(one.folder, "names.ts"), NAMES.replace("x-own", "x-new"));
  assert.equal((await one.build()).cached, false);
});

test("files that were damaged are built anew", async (t) => {
  const one = await project(t);
  const { wasm } = await one.build();
  const files = (await readdir(one.cache)).map((name) => join(one.cache, name));
  assert.equal(files.length, 2);
  for (const file of files) {
    const whole = await readFile(file, "latin1");
    for (const damaged of ["", whole.slice(0, -2), whole.replace(/.$/, "?")]) {
      await writeFile(file, damaged, "latin1");
      const built = await one.build();
      assert.equal(built.cached, false, `${file}: ${damaged.length}`);
      assert.deepEqual(Buffer.from(built.wasm), Buffer.from(wasm));
    }
  }
  assert.equal((await one.build()).cached, true);
});

test("a cache that cannot be written builds all the same, and one that is full forgets the oldest", async (t) => {
  const one = await project(t);
  const nowhere = join(one.folder, "filter.ts", "cache");
  assert.equal((await (await project(t, nowhere)).build()).cached, false);
  await one.build();
  for (let number = 0; number < 400; number++) {
    await writeFile(join(one.cache, `module-${number}`), "old");
  }
  await one.build({ collectAlways: true });
  const left = await readdir(one.cache);
  assert.equal(left.length, 300);
  assert.equal((await one.build({ collectAlways: true })).cached, true);
});

test("a spec is found as it was compiled before, until what it imports changes", async (t) => {
  const one = await project(t);
  const spec = `import { expect, test } from "as-proxy-wasm/spec";
import { NAME } from "./names";
test("the name", () => { expect(NAME).toBe("x-own"); });
`;
  await writeFile(join(one.folder, "names.spec.ts"), spec);
  const compile = (): Promise<CachedBuild> =>
    cachedSpec({ entry: "names.spec.ts", cwd: one.folder, cacheFolder: one.cache });
  const first = await compile();
  const second = await compile();
  assert.deepEqual([first.cached, second.cached], [false, true]);
  assert.deepEqual(Buffer.from(first.wasm), Buffer.from(second.wasm));
  assert.equal(first.sourceMap, second.sourceMap);
  for (const { sources } of [first, second]) {
    assert.ok(sources.includes(join(one.folder, "names.ts")));
    assert.ok(sources.some((path) => path.endsWith("/assembly/spec/suite.ts")));
  }
  // The same file as a filter, or a filter as a spec, would be another module.
  await assert.rejects(
    cachedBuild({ entry: "names.spec.ts", cwd: one.folder, cacheFolder: one.cache }),
    { code: "ERR_NO_FILTER" },
  );
  await writeFile(join(one.folder, "names.ts"), NAMES.replace("x-own", "x-two"));
  const changed = await compile();
  assert.equal(changed.cached, false);
  assert.notDeepEqual(Buffer.from(changed.wasm), Buffer.from(first.wasm));
});
