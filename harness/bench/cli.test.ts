import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ExitCode } from "../../sdk/errors.ts";
import { argumentsOf, TestIo } from "../testing/command.ts";
import { writeModule } from "../testing/modules.ts";
import { benchCommand } from "./cli.ts";
import type { BenchReport } from "./report.ts";

let folder = "";
let temporary = "";
let noop = "";
let burning = "";
let rejecting = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-cli-"));
  // What is left behind in it is then ours.
  temporary = join(folder, "tmp");
  await mkdir(temporary);
  process.env["TMPDIR"] = temporary;
  noop = await writeModule(folder, "noop");
  burning = await writeModule(folder, "burning", {
    requestHeaders: `(local $left i32)
      (local.set $left (i32.const 20000))
      (loop $again
        (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (local.get $left)))
        (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (i32.const 0)`,
  });
  rejecting = await writeModule(folder, "rejecting", {
    imports: `(import "env" "proxy_send_local_response"
      (func $respond (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))`,
    requestHeaders: `(drop (call $respond (i32.const 401) (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const -1)))
      (i32.const 1)`,
  });
});
after(() => rm(folder, { recursive: true }));

/** Runs the command, which shall leave no file behind. */
async function bench(io: TestIo, ...argv: string[]): Promise<number> {
  try {
    return await benchCommand.run(argumentsOf(benchCommand, argv), io);
  } finally {
    assert.deepEqual(await readdir(temporary), [], "nothing is left behind");
  }
}

test("the report says that a filter which burns time is slower, and by how much", async () => {
  const file = join(folder, "report.json");
  const io = new TestIo();
  const argv = [
    noop,
    `hot=${burning}`,
    noop,
    "--rounds",
    "60",
    "--starts",
    "2",
    "--seed",
    "5",
    "--json",
    file,
  ];
  argv.push(
    "--markdown",
    `${file}.md`,
    "--junit",
    `${file}.xml`,
    "--html",
    `${file}.html`,
    "--sweep",
    "tls=on",
  );
  assert.equal(await bench(io, ...argv), ExitCode.Ok);

  const report = JSON.parse(await readFile(file, "utf8")) as BenchReport;
  assert.equal(report.schema, 1);
  assert.deepEqual(report.tool, { name: "as-proxy-wasm", version: report.tool.version });
  assert.match(report.environment.envoyVersion, /^1\.\d+\.\d+/);
  assert.equal(report.method.seed, 5);
  assert.equal(report.method.rounds, 60);
  assert.equal(report.method.measuredRequests, 60 * 15);
  assert.equal(report.method.baseline, "noop");
  assert.equal(report.base.name, "base");
  assert.equal(report.control.name, "control");
  assert.deepEqual(
    report.filters.map(({ name }) => name),
    ["noop", "hot", "noop-2"],
  );
  const [first, hot] = report.filters;
  assert.ok(first !== undefined && hot !== undefined);

  // 20,000 turns of a loop take longer than none, on any machine.
  assert.ok((hot.added.timeNs.low ?? NaN) > (first.added.timeNs.high ?? NaN));
  assert.ok((hot.added.headersTimeNs.low ?? NaN) > (first.added.headersTimeNs.high ?? NaN));
  assert.ok((hot.timeRatio?.low ?? NaN) > 1);
  assert.equal(hot.added.timeNs.resolvable, true);
  if (process.platform === "linux") {
    assert.ok((hot.added.cpuNs.low ?? NaN) > (first.added.cpuNs.high ?? NaN));
  }
  assert.equal(first.timeRatio, null);
  assert.equal(first.module.argument, noop);
  assert.equal(first.module.initialMemoryPages, 4);
  assert.match(first.module.sha256, /^[\da-f]{64}$/);
  assert.equal(first.module.sha256, report.filters[2]?.module.sha256);
  assert.ok((first.memoryPerVmBytes ?? 0) > 0);
  for (const listener of [report.base, report.control, ...report.filters]) {
    assert.deepEqual(Object.keys(listener.statuses), ["200"]);
  }

  const page = await readFile(`${file}.html`, "utf8");
  assert.match(page, /^<!doctype html>/);
  assert.ok(page.includes(report.filters[1]?.module.sha256 ?? "?"));

  assert.equal(report.endedEarly, null);
  assert.equal(report.method.starts, 2);
  assert.equal(report.filters[0]?.counts?.hostCalls, 0);
  assert.ok((report.filters[0].loadTimeNs.value ?? NaN) !== 0);
  assert.equal(hot.verdict.outcome, "more");
  assert.ok((hot.baselineVerdict?.text ?? "").endsWith(" more than noop"));
  assert.deepEqual(
    report.sweeps.map(({ dimension, points }) => [dimension, points.map(({ value }) => value)]),
    [["tls", ["on"]]],
  );
  assert.match(await readFile(`${file}.md`, "utf8"), /^\| `hot` \| \d+\.\d\d \[/m);
  assert.match(await readFile(`${file}.xml`, "utf8"), /^<testsuites>$/m);

  assert.match(io.stdout, /^hot +\d+\.\d\d \[/m);
  assert.match(io.stdout, /^A\/A control /m);
  assert.match(io.stderr, /^measuring: start 2 of 2$/m);
  assert.match(io.stderr, /^the report is in .*report\.json$/m);
});

test("--json - prints the report alone, and rejected requests are noted", async () => {
  const io = new TestIo();
  assert.equal(await bench(io, rejecting, "--rounds", "2", "--json", "-"), ExitCode.Ok);
  const report = JSON.parse(io.stdout) as BenchReport;
  assert.deepEqual(Object.keys(report.filters[0]?.statuses ?? {}), ["401"]);
  assert.match(report.notes.join("\n"), /^rejecting answered 401 to all \d+ requests/m);
  assert.match(report.notes.join("\n"), /2 rounds are too few for intervals/);
});

test("the configuration reaches the filter", async () => {
  const io = new TestIo();
  const refusing = await writeModule(folder, "refusing", {
    configure: "(i32.eqz (local.get $size))",
  });
  assert.equal(await bench(io, refusing, "--rounds", "1"), ExitCode.Ok);
  await assert.rejects(bench(io, refusing, "--config", "{}", "--rounds", "1"), {
    name: "ToolError",
    code: "ERR_FILTER_REFUSED",
    message: /refusing/,
  });
});

test("what cannot come to a report fails before anything is measured", async () => {
  const io = new TestIo();
  const refused: readonly (readonly [code: string, ...argv: string[]])[] = [
    ["ERR_FILE_WRITE", noop, "--json", join(folder, "no", "such", "folder.json")],
    ["ERR_FILE_WRITE", noop, "--json", folder],
    ["ERR_FILE_NOT_FOUND", "no-such-filter"],
    ["ERR_USAGE", noop, "--baseline", "other"],
    ["ERR_NO_ENVOY", noop, "--envoy", join(folder, "no-envoy")],
  ];
  for (const [code, ...argv] of refused) {
    await assert.rejects(bench(io, ...argv), { name: "ToolError", code });
  }
  assert.doesNotMatch(io.stderr, /measuring/);
  const file = join(folder, "never.json");
  await assert.rejects(bench(io, "no-such-filter", "--json", file));
  await assert.rejects(readFile(file), { code: "ENOENT" });
});

test("a disk that is full when the report is written costs that file only", async () => {
  const io = new TestIo();
  const other = join(folder, "other.md");
  // Linux has a device that is always full; elsewhere a folder that has gone meanwhile will do.
  const going = join(folder, "going");
  await mkdir(going);
  const file = process.platform === "linux" ? "/dev/full" : join(going, "report.json");
  if (process.platform !== "linux")
    void io.until(/evaluating/).then(() => rm(going, { recursive: true }));
  const argv = [noop, "--rounds", "2", "--json", file, "--markdown", other];
  await assert.rejects(bench(io, ...argv), { name: "ToolError", code: "ERR_FILE_WRITE" });
  assert.match(io.stdout, /^noop /m);
  assert.match(await readFile(other, "utf8"), /^\| `noop` \|/m);
});

test("Ctrl-C behind the first start keeps what was measured", async () => {
  const file = join(folder, "partial.json");
  const io = new TestIo();
  void io.until(/memory and loading/).then(() => {
    io.interrupt();
  });
  assert.equal(await bench(io, noop, "--rounds", "40", "--json", file), ExitCode.Interrupted);
  const report = JSON.parse(await readFile(file, "utf8")) as BenchReport;
  assert.match(report.endedEarly ?? "", /was interrupted$/);
  assert.equal(report.method.rounds, 40);
  assert.equal(report.filters[0]?.memoryPerVmBytes, null);
  assert.match(io.stdout, /^noop /m);
});

test("a budget that is exceeded gives exit code 1, once the report is written", async () => {
  const io = new TestIo();
  const file = join(folder, "budgets.json");
  await writeFile(file, '{"host_calls": 0, "wasm_kb": 0.01}');
  const argv = [`burning=${burning}`, `floor=${noop}`, "--rounds", "20", "--json", "-"];
  const budgets = ["--budget", "callbacks=99,added_vs_floor=1000000", "--budget", file];
  await assert.rejects(bench(io, ...argv, ...budgets), {
    name: "ToolError",
    code: "ERR_BUDGET",
    exitCode: ExitCode.UserCode,
    message: /^a budget is exceeded: burning: wasm_kb is .* beyond 0\.01 KiB .*\(and 1 more\)$/,
  });
  const report = JSON.parse(io.stdout) as BenchReport;
  // On a machine too busy to tell the floor from nothing there is no ratio to it.
  const [ratio] = report.budgets.filter(({ name }) => name === "added_vs_floor");
  assert.ok(ratio?.outcome === "kept" || ratio?.outcome === "not-measured", ratio?.text);
  assert.deepEqual(
    report.budgets.flatMap((one) => (one === ratio ? [] : [[one.filter, one.name, one.outcome]])),
    [
      ["burning", "callbacks", "kept"],
      ["burning", "host_calls", "kept"],
      ["burning", "wasm_kb", "exceeded"],
      ["floor", "callbacks", "kept"],
      ["floor", "host_calls", "kept"],
      ["floor", "wasm_kb", "exceeded"],
    ],
  );
});

test("Ctrl-C ends it in every phase of the first start, with the old report untouched and no process left", async () => {
  const file = join(folder, "old.json");
  await writeFile(file, "old");
  for (const phase of ["starting Envoy", "warm-up", "bursts", "sides", "fixed rate"]) {
    const io = new TestIo();
    void io.until(new RegExp(phase)).then(() => {
      io.interrupt();
    });
    const code = await bench(io, noop, "--rounds", "500", "--starts", "1", "--json", file);
    assert.equal(code, ExitCode.Interrupted, phase);
    assert.equal(io.stdout, "");
    assert.match(io.stderr, /^interrupted before there was anything to report$/m);
    assert.equal(await readFile(file, "utf8"), "old");
  }
});
