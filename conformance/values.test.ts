// Values of enums that no other test has Envoy show.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import type { RunningEnvoy } from "../harness/envoy/process.ts";
import { request } from "../harness/traffic/client.ts";
import { buildFilter } from "./support/filters.ts";

const FILTER = "conformance/filters/values.ts";
const DIRECTIONS = ["UNSPECIFIED", "INBOUND", "OUTBOUND"];
const DECLARED = ["bytes", "string", "flatbuffers", "protobuf", "request"];
/** What each of them is set to: a google.protobuf.StringValue. */
const VALUE = "\n\x01x";
const NAMES = [...DECLARED, "undeclared"];

/** An Envoy with a listener for each direction, each with a filter of its name. */
async function start(t: TestContext): Promise<RunningEnvoy> {
  const module = await buildFilter(t, FILTER);
  const format = NAMES.flatMap((name) => [
    `${name}=%FILTER_STATE(wasm.${name}:PLAIN)%`,
    `${name}:%FILTER_STATE(wasm.${name})%`,
  ]);
  const plain = bootstrap({
    listeners: DIRECTIONS.map((name) => ({
      name,
      filters: [{ name, module }],
      upstream: { kind: "direct", status: 200, body: "" },
      accessLog: { path: `${name}.log`, format: `${format.join()}||` },
    })),
    clusters: [],
  });
  const { static_resources } = plain;
  const listeners = static_resources.listeners.map((listener) => ({
    ...listener,
    traffic_direction: listener.name,
  }));
  const envoy = await startEnvoy({
    binary: (await locateEnvoy()).path,
    filterLogLevel: "trace",
    bootstrap: { ...plain, static_resources: { ...static_resources, listeners } },
  });
  t.after(() => envoy.stop());
  return envoy;
}

test("a listener's direction is the one that it is configured with", async (t) => {
  const envoy = await start(t);
  for (const name of DIRECTIONS) await request({ port: envoy.port(name) });
  await envoy.stop();
  for (const name of DIRECTIONS) {
    const told = envoy.wasmLogs.filter(({ plugin, text }) => plugin === name && /^dir/.test(text));
    assert.deepEqual(
      told.map(({ text }) => text),
      [`direction ${name.toLowerCase()}`],
    );
  }
});

test("each level of the log is Envoy's own", async (t) => {
  const envoy = await start(t);
  await request({ port: envoy.port("INBOUND"), path: "/levels" });
  await envoy.stop();
  const levels = ["trace", "debug", "info", "warn", "error", "critical"];
  assert.deepEqual(
    envoy.wasmLogs.filter(({ text }) => levels.includes(text)).map(({ level }) => level),
    levels,
  );
  assert.ok(envoy.wasmLogs.some(({ text }) => text === "enabled 111111"));
});

test("a property can be declared as anything, and access logs print what it is", async (t) => {
  const envoy = await start(t);
  const port = envoy.port("INBOUND");
  await request({ port, path: "/set" });
  await request({ port, path: "/again" });
  await envoy.reopenLogs();
  const log = await readFile(join(envoy.folder, "INBOUND.log"), "utf8");
  await envoy.stop();
  const lines = new Set(envoy.wasmLogs.map(({ text }) => text));
  assert.ok(lines.has("set undeclared 0"));
  for (const name of DECLARED) {
    assert.ok(lines.has(`declare ${name} 0`), name);
    assert.ok(lines.has(`set ${name} 0`), name);
  }
  const typed = (name: string, value: string): string =>
    `{"@type":"type.googleapis.com/google.protobuf.${name}Value","value":"${value}"}`;
  const bytes = typed("Bytes", Buffer.from(VALUE).toString("base64"));
  assert.deepEqual(log.split("||"), [
    NAMES.map((name) => {
      const shown = name === "protobuf" ? typed("String", "x") : bytes;
      return `${name}=${VALUE},${name}:${shown}`;
    }).join(),
    NAMES.map((name) => `${name}=-,${name}:-`).join(),
    "",
  ]);
});
