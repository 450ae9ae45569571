import assert from "node:assert/strict";
import { test } from "node:test";
import { GENERATORS, type LoadJob } from "./load-tools.ts";

const JOB: LoadJob = {
  url: "http://127.0.0.1:1/x",
  headers: [["x-a", "b c"]],
  http2: false,
  connections: 16,
  seconds: 3,
  bodyFile: null,
  logFile: "/tmp/log",
};

// As wrk 4.1.0 prints it.
const WRK = `Running 3s test @ http://127.0.0.1:1/x
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.98ms    3.51ms  43.10ms   86.72%
    Req/Sec    11.87k     2.17k   15.66k    63.33%
  Latency Distribution
     50%  716.00us
     75%    3.51ms
     90%    6.77ms
     99%    1.02s
  35420 requests in 3.00s, 4.05MB read
  Socket errors: connect 1, read 2, write 0, timeout 3
  Non-2xx or 3xx responses: 10
Requests/sec:  11782.44
Transfer/sec:      1.35MB
`;

// As h2load 1.52.0 prints it.
const H2LOAD = `starting benchmark...
finished in 3.00s, 11083.67 req/s, 1.30MB/s
requests: 33251 total, 33267 started, 33251 done, 33240 succeeded, 11 failed, 2 errored, 1 timeout
status codes: 33240 2xx, 0 3xx, 11 4xx, 0 5xx
`;

test("what wrk says is read: rate, errors of all kinds, quantiles in its units", () => {
  assert.deepEqual(GENERATORS.wrk.read(WRK, ""), {
    requestsPerSecond: 11782.44,
    errors: 16,
    quantiles: [
      { probability: 0.5, ns: 716_000 },
      { probability: 0.75, ns: 3_510_000 },
      { probability: 0.9, ns: 6_770_000 },
      { probability: 0.99, ns: 1_020_000_000 },
    ],
  });
});

test("h2load's quantiles come from its log of requests", () => {
  const log = Array.from({ length: 1000 }, (_, i) => `1700000000\t200\t${i + 1}\n`).join("");
  assert.deepEqual(GENERATORS.h2load.read(H2LOAD, log), {
    requestsPerSecond: 11083.67,
    errors: 25,
    quantiles: [
      { probability: 0.5, ns: 500_000 },
      { probability: 0.9, ns: 900_000 },
      { probability: 0.99, ns: 990_000 },
      { probability: 0.999, ns: 999_000 },
    ],
  });
});

test("output of another form is not guessed at", () => {
  for (const { read } of Object.values(GENERATORS)) assert.equal(read("usage: ...", ""), null);
});

test("the tools are told the request; what they cannot send is said", () => {
  assert.deepEqual(GENERATORS.wrk.flags(JOB), [
    ...["-t1", "-c16", "-d3s", "--latency", "-H", "x-a: b c", "http://127.0.0.1:1/x"],
  ]);
  const body = { ...JOB, bodyFile: "/tmp/body" };
  assert.deepEqual(GENERATORS.h2load.flags(body), [
    ...["-t1", "-m1", "-c16", "-D3", "--log-file=/tmp/log", "--h1", "-d", "/tmp/body"],
    ...["-H", "x-a: b c", "http://127.0.0.1:1/x"],
  ]);
  assert.match(GENERATORS.wrk.cannot(body) ?? "", /no bodies/);
  assert.match(GENERATORS.wrk.cannot({ ...JOB, http2: true }) ?? "", /no HTTP\/2/);
  assert.equal(GENERATORS.h2load.cannot({ ...body, http2: true }), null);
});
