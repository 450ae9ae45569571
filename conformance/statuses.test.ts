// Whatever a host answers, a call of the SDK has a value for its author, and nothing traps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Proxy } from "../harness/proxy.ts";
import { builtFilter } from "./support/built.ts";
import { buildFilter, proxyFor } from "./support/filters.ts";
import { statusHost } from "./support/status-host.ts";
import { LOGGING, OF_PLUGIN, RESTRICTED } from "./support/statuses-expected.ts";
import type { Expected } from "./support/statuses-expected.ts";

const FILTER = "conformance/filters/statuses.ts";

/** Every status of the ABI, those that no host is known to answer included. */
const STATUSES = Array.from({ length: 13 }, (_, status) => status);

/** The calls that answer the host's own status. */
const PASSED_ON = [
  ...["RequestHeaders.set", "RequestHeaders.add", "RequestHeaders.remove", "RequestHeaders.setAll"],
  ...["ResponseHeaders.set", "ResponseTrailers.set", "RequestTrailers.set"],
  ...["Counter.increment", "Gauge.set", "Gauge.add", "Histogram.record", "properties.set"],
  ...["sharedData.set", "sharedData.add", "sharedData.setIf", "SharedQueue.resolve"],
  ...["SharedQueue.register", "SharedQueue.enqueue", "foreign.callForeignFunction"],
  ...["foreign.clearRouteCache", "foreign.setEnvoyFilterState", "HttpCallout.send"],
  ...["DnsLookup.resolve", "continueDownstream", "closeDownstream", "closeUpstream"],
];

/** What a line of the filter says: where, which call, what it answered. */
function parse(line: string): readonly [place: string, name: string, value: string] {
  const [, place = "", name = "", value = ""] = /^(\S+) (\S+) (.*)$/s.exec(line) ?? [];
  return [place, name, value];
}

/** That each line is as expected; answers the names of all calls that were made. */
function allAre(lines: readonly string[], expected: Expected): Set<string> {
  const names = new Set<string>();
  for (const line of lines) {
    const [, name, value] = parse(line);
    names.add(name);
    const wanted = expected[name];
    assert.ok(wanted !== undefined, `nothing is expected of '${line}'`);
    assert.ok(wanted === "*" || wanted.split(" | ").includes(value), `'${line}', not ${wanted}`);
  }
  return names;
}

test("no status makes any call trap, in any callback, for contexts that are there, gone or were never", async () => {
  const wasm = await builtFilter(FILTER);
  for (const status of STATUSES) {
    const host = statusHost(wasm, status);
    const ids = [1, 2, 77];
    const callAll = (): void => {
      for (const name of host.callbacks) {
        if (name.includes("_context_create") || name.includes("_delete")) continue;
        for (const id of ids) for (const size of [0, 9]) host.call(name, id, size, size, size, 0);
      }
    };
    callAll();
    host.call("proxy_on_context_create", 1, 0);
    host.call("proxy_on_context_create", 2, 1);
    host.call("proxy_on_context_create", 2, 1);
    callAll();
    for (const id of [2, 1, 77, 2]) host.call("proxy_on_delete", id);
    callAll();
    assert.ok(host.logged.length > 1000, `${host.logged.length} lines`);
    if (status === 0) continue;
    const own = host.logged.filter((line) => PASSED_ON.includes(parse(line)[1]));
    const others = own.filter((line) => parse(line)[2] !== String(status));
    // A status of a call that comes before the one in question.
    assert.deepEqual([...new Set(others.map((line) => line.replace(/^\S+ /, "")))], []);
  }
});

/** What the filter has said, once it has ended. */
async function linesOf(proxy: Proxy): Promise<string[]> {
  await proxy.stop();
  const known = proxy.envoy.wasmLogs.filter(({ plugin }) => plugin !== "");
  return known.map(({ text }) => text);
}

const CALLBACKS = [
  ...["context_create", "vm_start", "configure", "request_headers", "request_body", "done"],
  ...["response_headers", "response_body", "tick", "log", "delete"],
].map((name) => `proxy_on_${name}`);

test("each call has its answer where Envoy restricts all that it needs", async (t) => {
  const module = await buildFilter(t, FILTER);
  const restricted = { module, allowedCapabilities: ["proxy_log", ...CALLBACKS] };
  const proxy = await proxyFor(t, restricted, {
    accessLoggers: [{ name: "logger", ...restricted }],
    statsSinks: [{ name: "sink", ...restricted }],
  });
  const { status } = await proxy.send({ method: "POST", body: "body" });
  assert.equal(status, 200);
  while (!proxy.envoy.wasmLogs.some(({ text }) => text.startsWith("onStats "))) await sleep(20);
  const lines = await linesOf(proxy);
  assert.deepEqual([...allAre(lines, RESTRICTED)].sort(), Object.keys(RESTRICTED).sort());
  const places = new Set(lines.map((line) => parse(line)[0]));
  for (const place of ["onStart", "onConfigure", "onRequestBody", "onResponseBody", "onLog"])
    assert.ok(places.has(place), place);
  for (const place of ["onAccessLog", "onStats", "onDone", "onDelete"])
    assert.ok(places.has(place), place);
});

test("each call has its answer where there is no stream, and where the stream is over", async (t) => {
  const proxy = await proxyFor(t, {
    module: await buildFilter(t, FILTER),
    vmConfiguration: "without gRPC",
  });
  const { status } = await proxy.send({ method: "POST", body: "body" });
  assert.equal(status, 200);
  while (!proxy.envoy.wasmLogs.some(({ text }) => text.startsWith("onTimer "))) await sleep(20);
  const lines = await linesOf(proxy);
  const from = (...places: string[]): string[] =>
    lines.filter((line) => places.includes(parse(line)[0]));
  const ofPlugin = allAre(from("onStart", "onConfigure", "onTimer"), OF_PLUGIN);
  assert.deepEqual([...ofPlugin].sort(), Object.keys(OF_PLUGIN).sort());
  assert.deepEqual([...allAre(from("onLog"), LOGGING)].sort(), Object.keys(LOGGING).sort());
});
