// What verifying a token adds in a real Envoy: HS256, 500 bytes, by this SDK and by the Rust SDK with
// the crates `hmac` and `sha2`, beside a filter that does nothing. Prints the report and a Markdown
// table; with --write first, puts that into docs/std.md.
//   node scripts/bench-jwt.mjs [--write] [further arguments of `bench`, such as --seconds 60]
// Rust needs cargo with the target wasm32-wasip1.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { publish } from "../benchmarks/std/docs.mjs";
import { JWT_CONFIGURATION, TOKEN } from "../benchmarks/std/inputs.mjs";
import { cargo } from "../benchmarks/std/modules.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const write = process.argv[2] === "--write";
const rest = process.argv.slice(write ? 3 : 2);
mkdirSync("build", { recursive: true });
const report = "build/bench-jwt.json";
const config = "build/bench-jwt.config.json";
writeFileSync(config, JSON.stringify(JWT_CONFIGURATION));
const filters = [
  "noop=examples/noop",
  ...["as-proxy-wasm=benchmarks/jwt/filter.ts", "--config", config],
  ...[`rust=${cargo("wasm32-wasip1", ["--features", "filter"])}`, "--config", config],
];
const header = ["--header", `authorization: Bearer ${TOKEN}`];
const { status } = spawnSync(
  process.execPath,
  ["bin/as-proxy-wasm.mjs", "bench", ...filters, ...header, "--json", report, ...rest],
  { stdio: ["ignore", "inherit", "inherit"] },
);
if (status !== 0) process.exit(status ?? 1);

const { filters: measured, environment, startedAt } = JSON.parse(readFileSync(report, "utf8"));
const shown = ({ value, low, high }) => {
  if (value === null) return "";
  const [v, l, h] = [value, low, high].map((ns) => (ns === null ? "?" : (ns / 1000).toFixed(1)));
  return `${v} [${l}, ${h}]`;
};
const lines = [
  "| microseconds added to a request | time in Envoy | CPU |",
  "|---|---:|---:|",
  ...measured.map(({ name, added }) => {
    return `| ${name} | ${shown(added.timeNs)} | ${shown(added.cpuNs)} |`;
  }),
  "",
  `${startedAt.slice(0, 10)}, Envoy ${environment.envoyVersion}, ${environment.cpuModel}.`,
];
await publish("jwt", `${lines.join("\n")}\n`, write);
