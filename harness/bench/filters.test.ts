import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeModule } from "../testing/modules.ts";
import { countRequest } from "./counts.ts";
import { resolveFilters } from "./filters.ts";
import type { LabelledFilter } from "./options.ts";
import type { Traffic } from "./traffic.ts";

const TRAFFIC: Traffic = {
  request: { path: "/", headers: [["x-a", "1"]] },
  responseBodyBytes: 2,
  wire: { protocol: "http1", tls: false },
  connections: 1,
  workers: 1,
};

function filter(value: string): string {
  return `import { HttpFilter, RequestHeaders, Action, registerHttpFilter } from "as-proxy-wasm";
class F extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.set("x-value", "${value}");
    return Action.Continue;
  }
}
registerHttpFilter<F>("f");
`;
}

function given(text: string, more: Partial<LabelledFilter> = {}): LabelledFilter {
  return { filter: text, config: null, label: null, compared: false, ...more };
}

const quiet = (): void => undefined;

test("git:REF builds the first filter as it was then, with the configuration that it has now", async (t) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "bench-git-")));
  t.after(() => rm(folder, { recursive: true }));
  const [repository, out] = [join(folder, "repository"), join(folder, "out")];
  await mkdir(join(repository, "filters", "mine"), { recursive: true });
  await mkdir(out);
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
      cwd: repository,
      stdio: "ignore",
    });
  };
  git("init", "-q");
  const source = join(repository, "filters", "mine", "filter.ts");
  await writeFile(source, filter("old"));
  git("add", "-A");
  git("commit", "-qm", "old");
  git("tag", "v1");
  await writeFile(source, filter("a value that is longer"));

  const options = {
    filters: [
      given(source, { config: '{"a":1}', label: "mine" }),
      given("git:v1", { compared: true }),
    ],
    budgets: [],
  };
  const [now, then] = await resolveFilters(options, out, quiet);
  assert.ok(now !== undefined && then !== undefined);
  assert.equal(then.name, "mine@v1");
  assert.equal(then.configuration, '{"a":1}');
  assert.equal(then.compared, true);
  assert.notEqual(now.report.sha256, then.report.sha256);
  assert.ok(now.report.bytes > then.report.bytes);

  for (const ref of ["git:v2", "git:--help", "git:"]) {
    const wrong = { filters: [given(source), given(ref, { compared: true })], budgets: [] };
    await assert.rejects(resolveFilters(wrong, out, quiet), {
      name: "ToolError",
      code: "ERR_USAGE",
    });
  }
  const alone = { filters: [given("git:v1")], budgets: [] };
  await assert.rejects(resolveFilters(alone, out, quiet), { code: "ERR_USAGE" });
});

test("a budget that names a filter which is not measured is refused", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "bench-filters-"));
  t.after(() => rm(folder, { recursive: true }));
  const module = await writeModule(folder, "mine");
  const budgets = [{ name: "added_vs", reference: "other", limit: 1 }] as const;
  await assert.rejects(resolveFilters({ filters: [given(module)], budgets }, folder, quiet), {
    code: "ERR_USAGE",
    message: "--budget compares with other, which is not measured",
  });
});

test("what a request makes a module do is counted exactly; a module that traps has no counts", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "bench-counts-"));
  t.after(() => rm(folder, { recursive: true }));
  const log = "(drop (call $proxy_log (i32.const 2) (i32.const 4096) (i32.const 5)))";
  const chatty = await writeModule(folder, "chatty", {
    requestHeaders: `${log} ${log} (i32.const 0)`,
  });
  const { counts } = await countRequest({ name: "chatty", module: chatty }, TRAFFIC);
  assert.ok(counts !== null);
  assert.deepEqual(counts.byName, { proxy_log: 2 });
  assert.deepEqual([counts.hostCalls, counts.bytesToHost, counts.allocations], [2, 10, 0]);
  const trapping = await writeModule(folder, "trapping", { requestHeaders: "(unreachable)" });
  const { counts: none, note } = await countRequest(
    { name: "trapping", module: trapping },
    TRAFFIC,
  );
  assert.equal(none, null);
  assert.match(note, /trapped/);
});
