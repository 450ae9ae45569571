import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { REPORT } from "../testing/report.ts";
import { readBudgets } from "./budget-options.ts";
import { checkBudgets } from "./budgets.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";

const RATIOS = [
  {
    of: "noop",
    to: "floor",
    timeNs: { value: 1.4, low: 1.2, high: 1.6 },
    cpuNs: { value: 1, low: 0.9, high: 1.1 },
  },
];

async function outcomes(...given: string[]): Promise<unknown[]> {
  const noop = REPORT.filters.slice(0, 1);
  const results = checkBudgets(await readBudgets(given), noop, RATIOS);
  return results.map(({ name, outcome, measured }) => [name, outcome, measured.value]);
}

test("a budget is exceeded when the whole interval is beyond it, and unresolved when a part is", async () => {
  assert.deepEqual(await outcomes("added_p50_us=1.44,added_cpu_us=2.7,added_client_p50_us=4"), [
    ["added_p50_us", "exceeded", 1.462],
    ["added_cpu_us", "unresolved", 2.721],
    ["added_client_p50_us", "kept", 3.42],
  ]);
});

test("ratios, counts, sizes and losses have budgets too, and what was not measured says so", async () => {
  assert.deepEqual(
    await outcomes(
      "added_vs_floor=1.1,cpu_vs_floor=1.5,host_calls=0,callbacks=3,allocations=0,wasm_kb=0.1",
      "load_ms=3,memory_kb=1000,throughput_loss=0.05,added_p999_us=10,added_request_us=1",
    ),
    [
      ["added_vs_floor", "exceeded", 1.4],
      ["cpu_vs_floor", "kept", 1],
      ["host_calls", "kept", 0],
      ["callbacks", "exceeded", 4],
      ["allocations", "kept", 0],
      ["wasm_kb", "exceeded", 184 / 1024],
      ["load_ms", "unresolved", 3.1],
      ["memory_kb", "kept", 936_107 / 1024],
      ["throughput_loss", "exceeded", 1 - 0.91],
      ["added_p999_us", "not-measured", null],
      ["added_request_us", "not-measured", null],
    ],
  );
});

test("budgets come from a file too; what is wrong with them is named", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "budgets-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "budgets.json");
  await writeFile(file, '{"host_calls": 4, "added_vs_my-noop": 1.5}');
  assert.deepEqual(await readBudgets([file]), [
    { name: "host_calls", reference: "", limit: 4 },
    { name: "added_vs", reference: "my-noop", limit: 1.5 },
  ]);
  const refused: readonly (readonly [text: string, code: string, message: RegExp])[] = [
    ["host_call=4", "ERR_USAGE", /there is no budget host_call$/],
    ["added_vs=4", "ERR_USAGE", /there is no budget added_vs$/],
    [
      "host_calls=many",
      "ERR_USAGE",
      /host_calls wants a number from 0 to 1,000,000,000, not many$/,
    ],
    ["host_calls=-1", "ERR_USAGE", /host_calls wants a number/],
    ["host_calls=1,,", "ERR_USAGE", /wants NAME=LIMIT/],
    ["host_calls=1,host_calls=2", "ERR_USAGE", /sets host_calls twice/],
    [join(folder, "none.json"), "ERR_FILE_NOT_FOUND", /none\.json cannot be read/],
  ];
  for (const [text, code, message] of refused) {
    await assert.rejects(readBudgets([text]), { name: "ToolError", code, message }, text);
  }
  for (const [text, message] of [
    ["{", /is no JSON/],
    ["[1]", /must have an object/],
    ['{"host_calls": "4"}', /host_calls wants a number from 0 to 1,000,000,000, not "4"$/],
    ['{"colour": 4}', /there is no budget colour$/],
  ] as const) {
    await writeFile(file, text);
    await assert.rejects(readBudgets([file]), { code: "ERR_CONFIG_INVALID", message }, text);
  }
});

test("JUnit has a test case for each budget, with failures and what was skipped", () => {
  assert.equal(
    renderJunit(REPORT),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="as-proxy-wasm bench" tests="3" failures="1" errors="0" skipped="1" time="33.400" timestamp="2030-01-02T03:04:05">
    <testcase classname="bench.a-longer-name" name="added_p50_us">
      <failure message="a-longer-name: added_p50_us is 1342 [1341, 1342]; beyond 15 us"/>
    </testcase>
    <testcase classname="bench.noop" name="host_calls">
      <system-out>noop: host_calls is 0; within 4 a request</system-out>
    </testcase>
    <testcase classname="bench.a-longer-name" name="host_calls">
      <skipped message="a-longer-name: host_calls is nothing; it could not be measured"/>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
  const budget = { ...REPORT.budgets[0], filter: 'a<"b">&\0' };
  const xml = renderJunit({ ...REPORT, budgets: [budget as (typeof REPORT.budgets)[number]] });
  assert.match(xml, /classname="bench\.a&lt;&quot;b&quot;&gt;&amp;\ufffd"/);
});

test("Markdown has verdicts, budgets, figures and notes, and takes names as they are", () => {
  const named = { ...REPORT, notes: ["`code` | <b> 1 * 2"] };
  const text = renderMarkdown(named);
  assert.match(text, /^### 1 of 3 budgets exceeded$/m);
  assert.match(text, /^- noop adds 1\.46 us$/m);
  assert.match(
    text,
    /^\| `a-longer-name` `added_p50_us` \| 15 \| \*\*exceeded\*\*: 1342 \[1341, 1342\]/m,
  );
  assert.match(text, /^\| `noop` \| 1\.46 \[1\.45, 1\.48\] \| 2\.72 \[2\.61, 2\.81\] /m);
  assert.match(text, /^\| A\/A control \| 0\.00 \[-0\.02, 0\.04\] /m);
  assert.match(text, /^> \\`code\\` \\\| \\<b\\> 1 \\\* 2$/m);
  const columns = text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split(" | ").length);
  assert.deepEqual(columns, [3, 3, 3, 3, 3, 8, 8, 8, 8, 8, 4, 4, 4]);
});
