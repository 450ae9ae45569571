// A `*.spec.ts` file as a module: the author's tests and what they import, with exact places.
import { runCompiler } from "../compiler/compile.ts";
import { findEntry } from "../compiler/entry.ts";
import { PACKAGE, Sources } from "../compiler/sources.ts";

const ENTRY = "as-proxy-wasm-spec-entry.ts";
const OUTPUT = "spec.wasm";

/** The tests of one file, compiled. */
export interface CompiledSpec {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly sourceMap: string;
}

/**
 * Compiles the file at `path`, relative to `cwd`, and does not optimise: a test is run once, and each
 * instruction keeps its place. Throws a ToolError for what does not compile.
 */
export async function compileSpec(path: string, cwd: string): Promise<CompiledSpec> {
  const { baseDir, file } = findEntry(path, cwd);
  const spec = JSON.stringify(`./${file.replace(/\.ts$/, "")}`);
  const exported = "__specCount, __specName, __specRun, __specGuarded";
  const entry = `import ${spec};\nexport { ${exported} } from "${PACKAGE}/assembly/spec/suite";\n`;
  const flags = [
    ENTRY,
    ...["--baseDir", baseDir, "--config", "none", "--outFile", OUTPUT, "--sourceMap", "--debug"],
    ...["--runtime", "incremental", "--exportRuntime", "--exportStart", "_initialize"],
  ];
  const written = await runCompiler(flags, new Sources(new Map([[ENTRY, entry]])));
  const wasm = written.get(OUTPUT);
  const sourceMap = written.get(`${OUTPUT}.map`);
  if (!(wasm instanceof Uint8Array) || typeof sourceMap !== "string") {
    throw new Error("the compiler wrote no module, or no source map");
  }
  return { wasm: new Uint8Array(wasm), sourceMap };
}
