// Builds the filters of benchmarks/other-sdks/ with the Rust and the Go SDK, and runs each on the in-process
// host and in a real Envoy:
//   node scripts/foreign-sdk.mjs [rust] [go]
//   node scripts/foreign-sdk.mjs --present   those whose toolchain is there, and says which are not run
// Needs cargo with the target wasm32-wasip1, and Go 1.24 or later. Prints what differs.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
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

/** By SDK: what its toolchain is, and whether it is there. */
const TOOLCHAINS = {
  rust: {
    needs: "cargo with the target wasm32-wasip1",
    present() {
      const { status, stdout } = spawnSync(
        "rustc",
        ["--print", "target-libdir", "--target", "wasm32-wasip1"],
        { encoding: "utf8" },
      );
      const cargo = spawnSync("cargo", ["--version"]).status === 0;
      return cargo && status === 0 && existsSync(stdout.trim());
    },
  },
  go: {
    needs: "Go 1.24 or later",
    present() {
      const { status, stdout } = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
      const [, major = 0, minor = 0] = /^go(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
      return status === 0 && (Number(major) > 1 || Number(minor) >= 24);
    },
  },
};

const given = process.argv.slice(2);
const wanted = given.filter((word) => word !== "--present");
const unknown = wanted.find((name) => !(name in SDKS));
if (unknown !== undefined) {
  console.error(`there is no SDK ${unknown}: ${Object.keys(SDKS).join(", ")}`);
  process.exit(2);
}
const all = wanted.length === 0 ? Object.keys(SDKS) : wanted;
const absent = given.includes("--present") ? all.filter((name) => !TOOLCHAINS[name].present()) : [];
for (const name of absent) {
  console.log(`${name}: NOT RUN, as there is no ${TOOLCHAINS[name].needs}`);
}
let failed = false;
try {
  await bundleForNode({
    entryPoints: ["conformance/support/foreign-sdk.ts"],
    outfile: `${out}/run.mjs`,
  });
  for (const name of all.filter((each) => !absent.includes(each))) {
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
