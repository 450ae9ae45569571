import { testTraffic } from "as-proxy-wasm/harness";
import { traffic } from "./hello.traffic.ts";

testTraffic({ filter: "examples/hello", traffic });
