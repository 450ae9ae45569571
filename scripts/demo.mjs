// `npm run demo`: builds the examples, shows what two of them do with real requests, and measures
// what each costs. The report goes to build/demo-report.json.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { locateEnvoy, startProxy, valuesOf } from "../dist/harness/index.js";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const CLI = "dist/bin/as-proxy-wasm.js";
const REPORT = "build/demo-report.json";
const configuration = readFileSync("examples/api-key/config.json", "utf8");
const key = JSON.parse(configuration).keys[0];

/** Runs a command of the CLI and ends with its exit code when that is not 0. */
function cli(...args) {
  console.log(
    `\n$ npx as-proxy-wasm ${args.map((each) => (each.includes(" ") ? `'${each}'` : each)).join(" ")}`,
  );
  const { status } = spawnSync(process.execPath, [CLI, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

function show(what, { status, headers, upstream }) {
  console.log(`  ${what}: ${status}`);
  const greeting = valuesOf({ headers }, "x-hello").join();
  if (greeting !== "") console.log(`    the client got     x-hello: ${greeting}`);
  if (upstream === null) return;
  for (const name of ["x-hello", "x-api-key"]) {
    console.log(
      `    the upstream got   ${name}: ${valuesOf(upstream, name).join() || "(nothing)"}`,
    );
  }
}

for (const name of ["noop", "hello", "api-key"]) cli("build", `examples/${name}`);

const { path, version } = await locateEnvoy({ progress: (text) => console.error(text) }).catch(
  (error) => {
    console.error(
      `error ${error.code}: ${error.message}\n${error.detail ?? ""}\nhint: ${error.hint}`,
    );
    process.exit(error.exitCode ?? 70);
  },
);
console.log(`\nEnvoy ${version}, with api-key and then hello in front of an echo upstream:`);
const proxy = await startProxy({
  binary: path,
  filters: [
    { name: "api-key", module: `${process.cwd()}/build/api-key.wasm`, configuration },
    { name: "hello", module: `${process.cwd()}/build/hello.wasm` },
  ],
});
try {
  show("GET / without a key", await proxy.send());
  show(`GET / with x-api-key: ${key}`, await proxy.send({ headers: [["x-api-key", key]] }));
} finally {
  await proxy.stop();
}

cli(
  ...[
    "bench",
    "build/noop.wasm",
    "build/hello.wasm",
    "build/api-key.wasm",
    "--config",
    "examples/api-key/config.json",
  ],
  ...["--header", `x-api-key: ${key}`, "--quick", "--json", REPORT],
);
console.log(`\nThe whole report: ${REPORT}. For narrower intervals leave --quick out.`);
