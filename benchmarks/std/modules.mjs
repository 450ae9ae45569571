// Builds what is compared, and runs it: an AssemblyScript file of this folder by the settings of a
// released filter, a crate by cargo.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import asc from "assemblyscript/asc";

// The id that AssemblyScript gives to ArrayBuffer in every module.
const ARRAY_BUFFER_ID = 1;

const FOLDER = "benchmarks/std";

/** Installs what is compared, unless it is there. */
export function install() {
  if (existsSync(`${FOLDER}/node_modules`)) return;
  const args = ["ci", "--prefix", FOLDER, "--ignore-scripts"];
  execFileSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
}

/** What a package of the year 2021 lacks for the compiler of today: initialisers. */
const MENDS = new Map([
  ["private flags: Flags;", "private flags: Flags = new Flags(null);"],
  ["private groupMarkers: GroupStart", "private groupMarkers!: GroupStart"],
  ["static _flags: Flags;", "static _flags: Flags = new Flags(null);"],
]);

/** A source file; `null` where there is none. */
async function read(name, base) {
  const text = await readFile(resolve(base, name), "utf8").catch(() => null);
  if (text === null || !name.includes("assemblyscript-regex")) return text;
  return [...MENDS].reduce((mended, [from, to]) => mended.replace(from, to), text);
}

/** Compiles an AssemblyScript file of this folder; `flags` are more of the compiler's. */
export async function compile(file, flags = []) {
  const stderr = asc.createMemoryStream();
  let binary;
  const settings = ["-O3", "--shrinkLevel", "1", "--runtime", "minimal", "--exportRuntime"];
  const { error } = await asc.main(
    [file, "--config", "none", "--baseDir", FOLDER, "--outFile", "out.wasm", ...settings, ...flags],
    {
      stdout: asc.createMemoryStream(),
      stderr,
      readFile: read,
      writeFile: (_name, contents) => {
        binary = contents;
      },
    },
  );
  if (error || !binary) throw new Error(`${file} does not compile:\n${stderr.toString()}`);
  return binary;
}

/** Builds the crate of benchmarks/std-rust; answers the path of its module. */
export function cargo(target, flags = []) {
  const folder = "benchmarks/std-rust";
  const args = ["build", "--release", "--locked", "--target", target, ...flags];
  execFileSync("cargo", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const out = process.env.CARGO_TARGET_DIR ?? `${folder}/target`;
  return `${out}/${target}/release/std_rust.wasm`;
}

/** A module with its input: `run(name, count)` runs one of its loops. */
export function start(binary) {
  let exports;
  const fail = () => {
    throw new Error("the module aborted");
  };
  const env = { abort: fail, "process.exit": fail, "console.log": () => undefined };
  exports = new WebAssembly.Instance(new WebAssembly.Module(binary), { env }).exports;
  const isRust = exports.allocate !== undefined;
  return {
    has: (name) => exports[name] !== undefined,
    setInput(bytes) {
      const at = isRust
        ? exports.allocate(bytes.length)
        : exports.__new(bytes.length, ARRAY_BUFFER_ID);
      new Uint8Array(exports.memory.buffer).set(bytes, at);
      if (!isRust) exports.setInput(at);
    },
    run(name, count) {
      const sum = exports[name](count);
      // Nothing refers to objects from the stack here.
      if (!isRust) exports.__collect();
      return sum;
    },
  };
}
