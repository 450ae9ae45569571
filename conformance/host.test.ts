// What the examples' traffic shows of a real Envoy, it shows of the in-process host.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { traffic as apiKey } from "../examples/api-key/api-key.traffic.ts";
import { traffic as hello } from "../examples/hello/hello.traffic.ts";
import { traffic as noop } from "../examples/noop/noop.traffic.ts";
import type { Traffic } from "../harness/testing/traffic.ts";
import { packageRoot } from "../sdk/package-root.ts";
import { builtFilter } from "./support/built.ts";
import { hostFor, proxyOf } from "./support/host-proxy.ts";

const EXAMPLES: readonly (readonly [name: string, traffic: Traffic])[] = [
  ["noop", noop],
  ["hello", hello],
  ["api-key", apiKey],
];

for (const [name, traffic] of EXAMPLES) {
  describe(`${name} on the host:`, () => {
    for (const [what, run] of Object.entries(traffic)) {
      test(what, async (t) => {
        const wasm = await builtFilter(`examples/${name}`);
        const configuration =
          name === "api-key"
            ? readFileSync(join(packageRoot(), "examples/api-key/config.json"))
            : "";
        await run(proxyOf(await hostFor(t, { wasm, configuration })));
      });
    }
  });
}
