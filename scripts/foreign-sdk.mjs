// Builds the filters of benchmarks/other-sdks/ with the Rust and the Go SDK, and runs each on the in-process
// host and in a real Envoy:
//   node scripts/foreign-sdk.mjs [rust] [go]
// Needs cargo with the target wasm32-wasip1, and Go 1.24 or later. Prints what differs.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./esbuild.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await mkdir(".test-build", { recursive: true });
const out = await mkdtemp(resolve(".test-build/run-"));
const show = { stdio: "inherit" };

/** By SDK: how its module is built, and where it is then. */
const SDKS = {
  rust() {
    const folder = join(out, "target");
    const target = ["--release", "--target", "wasm32-wasip1", "--target-dir", folder];
    execFileSync("cargo", ["build", "--quiet", "--locked", ...target], {
      ...show,
      cwd: "benchmarks/other-sdks/rust",
    });
    return join(folder, "wasm32-wasip1/release/other_sdk.wasm");
  },
  go() {
    const module = join(out, "go.wasm");
    execFileSync("go", ["build", "-buildmode=c-shared", "-o", module, "."], {
      ...show,
      cwd: "benchmarks/other-sdks/go",
      env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm" },
    });
    return module;
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in SDKS));
if (unknown !== undefined) {
  console.error(`there is no SDK ${unknown}: ${Object.keys(SDKS).join(", ")}`);
  process.exit(2);
}
let failed = false;
try {
  await bundleForNode({
    entryPoints: ["conformance/support/foreign-sdk.ts"],
    outfile: `${out}/run.mjs`,
  });
  for (const name of wanted.length === 0 ? Object.keys(SDKS) : wanted) {
    console.log(`${name}:`);
    const module = SDKS[name]();
    const { status } = spawnSync(
      process.execPath,
      ["--enable-source-maps", `${out}/run.mjs`, module],
      show,
    );
    failed ||= status !== 0;
  }
} finally {
  await rm(out, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
