import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoadJob } from "./load-generator.ts";
import { GENERATORS } from "./load-tools.ts";
import type { Traffic } from "./traffic.ts";

const JOB: LoadJob = {
  url: "http://127.0.0.1:1/x",
  headers: [["x-a", "b c"]],
  http2: false,
  connections: 16,
  seconds: 3,
  bodyFile: null,
  logFile: "/tmp/log",
  scriptFile: "/tmp/script.js",
};

const TRAFFIC: Traffic = {
  request: { path: "/", headers: [], bodyBytes: 0 },
  responseBodyBytes: 2,
  wire: { protocol: "http1", tls: false },
  connections: 1,
  workers: 1,
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

// As fortio 1.66.0 prints it, less most of its histogram.
const FORTIO = `{
  "RunType": "HTTP",
  "RequestedQPS": "max",
  "ActualQPS": 22589.187602457063,
  "ActualDuration": 1000035964,
  "NumThreads": 4,
  "Version": "1.66.0",
  "DurationHistogram": {
    "Count": 22590,
    "Min": 0.000016106,
    "Max": 0.051044663,
    "Data": [{ "Start": 0.05, "End": 0.051044663, "Percent": 100, "Count": 4 }],
    "Percentiles": [
      { "Percentile": 50, "Value": 0.000513959890501792 },
      { "Percentile": 90, "Value": 0.0009122782679211468 },
      { "Percentile": 99, "Value": 0.0014144230769230805 }
    ]
  },
  "RetCodes": { "-1": 1, "200": 22138, "503": 451 }
}`;

// As k6 1.8.1 gives it to handleSummary, less what is not read.
const K6 = `{"options":{"summaryTrendStats":["p(50)","p(90)","p(99)","p(99.9)"]},
"state":{"testRunDurationMs":1002.826914},"metrics":{
"http_req_failed":{"type":"rate","contains":"default","values":{"rate":0.020004256224728664,"passes":94,"fails":4605}},
"http_reqs":{"type":"counter","contains":"default","values":{"rate":4685.7537770471135,"count":4699}},
"http_req_duration":{"type":"trend","contains":"time","values":{"p(90)":0.8648671999999994,"p(99)":12.702824339999944,
"p(99.9)":54.8217593420026,"p(50)":0.186872}}}}`;

test("what fortio says is read: rate, answers that are no success, quantiles in seconds", () => {
  assert.deepEqual(GENERATORS.fortio.read(FORTIO, ""), {
    requestsPerSecond: 22589.187602457063,
    errors: 452,
    quantiles: [
      { probability: 0.5, ns: 513_960 },
      { probability: 0.9, ns: 912_278 },
      { probability: 0.99, ns: 1_414_423 },
    ],
  });
});

test("k6's summary is in the file that its script names", () => {
  assert.deepEqual(GENERATORS.k6.read("", K6), {
    requestsPerSecond: 4685.7537770471135,
    errors: 94,
    quantiles: [
      { probability: 0.5, ns: 186_872 },
      { probability: 0.9, ns: 864_867 },
      { probability: 0.99, ns: 12_702_824 },
      { probability: 0.999, ns: 54_821_759 },
    ],
  });
  const script = GENERATORS.k6.script?.({ ...JOB, bodyFile: "/tmp/body" }) ?? "";
  assert.match(script, /"vus":16,"duration":"3s"/);
  assert.match(script, /const body = open\("\/tmp\/body", "b"\);/);
  assert.match(script, /http\.request\("POST", "http:\/\/127\.0\.0\.1:1\/x", body, params\)/);
  assert.match(script, /return \{ "\/tmp\/log": JSON\.stringify\(data\) \}/);
});

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
  assert.deepEqual(GENERATORS.fortio.flags({ ...body, http2: true, url: "https://a/" }), [
    ...["load", "-quiet", "-loglevel", "error", "-json", "-", "-allow-initial-errors", "-qps", "0"],
    ...["-c", "16", "-t", "3s", "-r", "0.00001", "-p", "50,90,99,99.9", "-h2", "-k"],
    ...["-payload-file", "/tmp/body", "-H", "x-a: b c", "https://a/"],
  ]);
  const sending = { ...TRAFFIC, request: { ...TRAFFIC.request, bodyBytes: 1 } };
  const http2: Traffic = { ...TRAFFIC, wire: { protocol: "http2", tls: false } };
  assert.match(GENERATORS.wrk.cannot(sending) ?? "", /no bodies/);
  assert.match(GENERATORS.wrk.cannot(http2) ?? "", /no HTTP\/2/);
  assert.match(GENERATORS.k6.cannot(http2) ?? "", /where there is TLS/);
  for (const tool of [GENERATORS.h2load, GENERATORS.fortio]) {
    assert.equal(tool.cannot({ ...sending, ...http2 }), null);
  }
  for (const tool of Object.values(GENERATORS)) assert.equal(tool.cannot(TRAFFIC), null);
});
