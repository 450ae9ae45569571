import { testTraffic } from "as-proxy-wasm/harness";
import { traffic } from "./noop.traffic.ts";

testTraffic({ filter: "examples/noop", traffic });
