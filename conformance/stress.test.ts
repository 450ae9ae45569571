// The examples behave the same where a fault of memory handling would show at once.
import { readFileSync } from "node:fs";
import { traffic as apiKey } from "../examples/api-key/api-key.traffic.ts";
import { traffic as hello } from "../examples/hello/hello.traffic.ts";
import { traffic as noop } from "../examples/noop/noop.traffic.ts";
import { testTraffic } from "../harness/testing/traffic.ts";
import { STRESSES } from "./support/filters.ts";

for (const [how, stress] of STRESSES) {
  if (stress.collectAlways === stress.poisonFreed) continue; // each by itself
  const suffix = ` (${how})`;
  testTraffic({ filter: "examples/hello", traffic: hello, stress, suffix });
  testTraffic({ filter: "examples/noop", traffic: noop, stress, suffix });
  const configuration = readFileSync("examples/api-key/config.json", "utf8");
  testTraffic({ filter: "examples/api-key", configuration, traffic: apiKey, stress, suffix });
}
