// A `*.spec.ts` file as a module: the author's tests and what they import, with exact places.
import type { MadeModule } from "./build.ts";
import { inTurn, runCompiler } from "./compile.ts";
import type { Entry } from "./entry.ts";
import { PACKAGE, Sources } from "./sources.ts";

const ENTRY = "as-proxy-wasm-spec-entry.ts";
const OUTPUT = "spec.wasm";

/**
 * Compiles a spec, and does not optimise: a test is run once, and each instruction keeps its place.
 * Throws a ToolError for what does not compile. `onRead` is as for `build`.
 */
export async function compileSpec(
  { baseDir, file }: Entry,
  onRead?: (path: string) => void,
): Promise<MadeModule> {
  const spec = JSON.stringify(`./${file.replace(/\.ts$/, "")}`);
  const exported = "__specCount, __specName, __specRun, __specGuarded";
  const entry = `import ${spec};\nexport { ${exported} } from "${PACKAGE}/assembly/spec/suite";\n`;
  const flags = [
    ENTRY,
    ...["--baseDir", baseDir, "--config", "none", "--outFile", OUTPUT, "--sourceMap", "--debug"],
    ...["--runtime", "incremental", "--exportRuntime", "--exportStart", "_initialize"],
  ];
  const sources = new Sources(new Map([[ENTRY, entry]]), onRead);
  const written = await inTurn(() => runCompiler(flags, sources));
  const wasm = written.get(OUTPUT);
  const sourceMap = written.get(`${OUTPUT}.map`);
  if (!(wasm instanceof Uint8Array) || typeof sourceMap !== "string") {
    throw new Error("the compiler wrote no module, or no source map");
  }
  return { wasm, sourceMap, callbacks: [], registrations: [], files: sources.asked };
}
