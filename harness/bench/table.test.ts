import assert from "node:assert/strict";
import { test } from "node:test";
import { REPORT } from "../testing/report.ts";
import { renderTable } from "./table.ts";

test("the table of a report", () => {
  assert.equal(
    renderTable(REPORT),
    `Added per request, compared with no filter: median of paired differences [95 % interval]
Time carries the verdict; the other columns are exploratory.

filter              added time us        p99 delta us              cpu us           client us      memory/VM
noop            1.46 [1.45, 1.48]      not resolvable   2.72 [2.61, 2.81]   3.42 [2.91, 3.78]        914 KiB
a-longer-name   1342 [1341, 1342]    too few requests       not available      not resolvable  not available
A/A control    0.00 [-0.02, 0.04]  1.12 [-0.64, 3.00]  0.06 [-0.01, 0.15]  0.00 [-0.37, 0.40]

verdict: noop adds 1.46 us
verdict: a-longer-name adds 1342 us
verdict: more than noop

times noop               added time             cpu
a-longer-name  28.48 [28.17, 28.79]  not resolvable

filter            request us    response us         throughput        loading     host calls          bytes    allocations       wasm
noop           not available  not available  0.91 [0.90, 0.92]        3.10 ms              0              0              0  0.180 KiB
a-longer-name  not available  not available     not resolvable  not available  not available  not available  not available  0.180 KiB

Added time us
headers               noop     a-longer-name         A/A control
1        1.46 [1.45, 1.48]  too few requests  0.00 [-0.02, 0.04]

budget exceeded: a-longer-name: added_p50_us is 1342 [1341, 1342]; beyond 15 us
budget kept: noop: host_calls is 0; within 4 a request
budget not-measured: a-longer-name: host_calls is nothing; it could not be measured

Envoy 1.40.0, 1 worker, 2 cores, linux-x64; 10 starts, 1,831 rounds, 27,465 requests each; client at 2,000/s, 2,490 requests each; seed 1; 33 s
note: a-longer-name logged 7 lines
`,
  );
});

test("one filter alone has nothing to be compared with", () => {
  const text = renderTable({ ...REPORT, filters: REPORT.filters.slice(0, 1), notes: [] });
  assert.doesNotMatch(text, /times noop|note:/);
});
