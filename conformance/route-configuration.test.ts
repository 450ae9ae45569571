import assert from "node:assert/strict";
import { test } from "node:test";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import type { Bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import { request } from "../harness/traffic/client.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import { BUILDS, buildFilter } from "./support/filters.ts";

type Values = Record<string, unknown>;

interface Places {
  readonly static_resources: {
    readonly listeners: {
      readonly filter_chains: {
        readonly filters: { readonly typed_config: { route_config: { virtual_hosts: unknown } } }[];
      }[];
    }[];
  };
}

const metadata = (values: Values | null): Values =>
  values === null ? {} : { metadata: { filter_metadata: { other: { limit: 7 }, plugin: values } } };

/** The routes of one virtual host, by the first segment of the path. */
function virtualHost(domain: string, own: Values | null, routes: Record<string, Values | null>) {
  return {
    name: domain,
    domains: [domain],
    ...metadata(own),
    routes: Object.entries(routes).map(([path, values]) => ({
      match: { prefix: path },
      direct_response: { status: 200 },
      ...metadata(values),
    })),
  };
}

function withRoutes(config: Bootstrap, ...hosts: readonly unknown[]): Bootstrap {
  const copy = structuredClone(config);
  for (const listener of (copy as unknown as Places).static_resources.listeners) {
    for (const { filters } of listener.filter_chains) {
      for (const { typed_config } of filters) typed_config.route_config.virtual_hosts = hosts;
    }
  }
  return copy;
}

const TEXT = 'quote " backslash \\ lines \n\r\t control \u0001\u001f end é 🦊';
const READS = "wasmcustom.route_configuration_reads";

for (const [how, stress] of BUILDS) {
  test(`a route's metadata overlays the virtual host's, and that the plugin's configuration (${how})`, async (t) => {
    const module = await buildFilter(t, "conformance/filters/route-configuration.ts", stress);
    const base = bootstrap({
      listeners: [
        {
          name: "http",
          filters: [{ name: "plugin", module, configuration: ' { "limit": 2, "text": "own" } ' }],
          upstream: { kind: "direct", status: 200, body: "" },
        },
      ],
      clusters: [],
    });
    const envoy = await startEnvoy({
      binary: (await locateEnvoy({})).path,
      bootstrap: withRoutes(
        base,
        virtualHost("plain", null, {
          "/none": null,
          "/limit": { limit: 100 },
          "/text": { text: TEXT },
          "/many": { list: ["a", "b"], text: "", null: null },
          "/bad": { limit: 1001 },
          "/unknown": { nested: { list: [1.5, true, null, {}] } },
          "/": null,
        }),
        virtualHost("*", { text: "host", limit: 3 }, { "/none": null, "/limit": { limit: 4 } }),
      ),
    });
    t.after(() => envoy.stop());
    const settings = async (host: string, path: string): Promise<string> => {
      const response = await request({
        port: envoy.port("http"),
        path,
        headers: [["host", host]],
      });
      assert.equal(response.status, 200);
      return decodeURIComponent(valuesOf(response, "x-settings").join());
    };
    const before = (await envoy.stats(READS)).get(READS) ?? 0;
    for (let round = 0; round < 3; round++) {
      assert.equal(await settings("plain", "/none"), "2|own|");
      assert.equal(await settings("plain", "/limit"), "100|own|");
      assert.equal(await settings("plain", "/text"), `2|${TEXT}|`);
      assert.equal(await settings("plain", "/many"), "2||a;b;");
      assert.equal(await settings("plain", "/bad"), "2|own|");
      assert.equal(await settings("plain", "/unknown"), "2|own|");
      assert.equal(await settings("plain", "/elsewhere"), "2|own|");
      assert.equal(await settings("other", "/none"), "3|host|");
      assert.equal(await settings("other", "/limit"), "4|host|");
    }
    // Each route that has an overlay: 5 of the first host, 2 of the second.
    assert.equal((await envoy.stats(READS)).get(READS), before + 7, "each overlay is read once");
    await envoy.stop();
    assert.deepEqual(
      envoy.wasmLogs.map((line) => line.text),
      [
        "configuration of a route: $.limit: expected an integer from 0 to 1000, found 1001",
        "configuration of a route: $.nested: unknown key; known keys: limit, text, list, null",
      ],
    );
  });
}
