// What verifying a token adds in a real Envoy: HS256, 500 bytes, by this SDK and by the Rust SDK with
// the crates `hmac` and `sha2`, beside a filter that does nothing. Prints a Markdown table; with
// --write first, puts it into docs/std.md.
//   node scripts/bench-jwt.mjs [--write] [further arguments of `bench`, such as --seconds 60]
// Rust needs cargo with the target wasm32-wasip1.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { JWT_CONFIGURATION, TOKEN } from "../benchmarks/std/inputs.mjs";
import { cargo } from "../benchmarks/std/modules.mjs";
import { benchReport, shown } from "./bench-report.mjs";
import { publish } from "./publish.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const write = process.argv[2] === "--write";
const rest = process.argv.slice(write ? 3 : 2);
mkdirSync("build", { recursive: true });
const config = "build/bench-jwt.config.json";
writeFileSync(config, JSON.stringify(JWT_CONFIGURATION));
const filters = [
  "noop=examples/noop",
  ...["as-proxy-wasm=benchmarks/jwt/filter.ts", "--config", config],
  ...[`rust=${cargo("wasm32-wasip1", ["--features", "filter"])}`, "--config", config],
];
const header = ["--header", `authorization: Bearer ${TOKEN}`];
const report = benchReport([...filters, ...header, ...rest]);

const { filters: measured, environment, startedAt } = report;
const tenths = (ns) => (ns === null ? "?" : (ns / 1000).toFixed(1));
const lines = [
  "| microseconds added to a request | time in Envoy | CPU |",
  "|---|---:|---:|",
  ...measured.map(({ name, added }) => {
    return `| ${name} | ${shown(added.timeNs, tenths)} | ${shown(added.cpuNs, tenths)} |`;
  }),
  "",
  `${startedAt.slice(0, 10)}, Envoy ${environment.envoyVersion}, ${environment.cpuModel}.`,
];
await publish("docs/std.md", "jwt", `${lines.join("\n")}\n`, write);
