// One compilation through asc's API, in memory.
import asc from "assemblyscript/asc";
import type { DiagnosticMessage, Transform } from "assemblyscript/asc";
import binaryen from "binaryen";
import { ToolError, messageOf } from "../errors.ts";
import { SDK_FUNCTION_PREFIX, needlessExports } from "./callbacks.ts";
import type { Registration } from "./callbacks.ts";
import { surviveCrash } from "./compiler-crash.ts";
import { toCompileError } from "./diagnostics.ts";
import { REGISTRATIONS_EXPORT, dryStart } from "./dry-start.ts";
import { LogPositions } from "./log-positions.ts";
import { checkProgram, checkTicks } from "./program-check.ts";
import type { ProgramView } from "./program-check.ts";
import { patchLibrary } from "./runtime-library.ts";
import type { Stress } from "./runtime-library.ts";
import { PACKAGE, Sources } from "./sources.ts";

export interface CompileOptions {
  /** The folder that paths in messages are relative to, absolute. */
  readonly baseDir: string;
  /** The filter's file, relative to `baseDir`, with `/` between folders. */
  readonly file: string;
  /** Also write a source map. */
  readonly debug: boolean;
  readonly stress: Stress;
  /** Puts before each line that the author's code logs where it was logged. */
  readonly logPositions: boolean;
  /** Told of each file before it is looked for, but for the SDK's own. */
  readonly onRead?: (path: string) => void;
}

export interface Compiled {
  readonly wasm: Uint8Array;
  readonly sourceMap: string | null;
  readonly registrations: readonly Registration[];
  /** Every file that the compiler asked for, by its absolute path; null where there was none. */
  readonly files: ReadonlyMap<string, string | null>;
}

// One virtual entry imports the filter and exports the callbacks, all under `~lib/as-proxy-wasm`:
// asc keys a file by how it was reached, and an exports file that is named by its path would be a
// second SDK beside the one that the filter imported.
const ENTRY = "as-proxy-wasm-entry.ts";
const OUTPUT = "filter.wasm";

/** Everything that can be exported, with what tells the registrations. */
function surveyEntry(file: string): string {
  const introspection = `${PACKAGE}/assembly/plugin/introspection`;
  return `${entry(file, "*")}export { ${REGISTRATIONS_EXPORT} } from "${introspection}";\n`;
}

function entry(file: string, exports: string): string {
  const filter = JSON.stringify(`./${file.replace(/\.ts$/, "")}`);
  return `import ${filter};\nexport ${exports} from "${PACKAGE}/assembly/abi/callbacks";\n`;
}

const OPTIMISE = ["--optimizeLevel", "3", "--shrinkLevel", "1"];

function argumentsFor(options: CompileOptions): string[] {
  return [
    ENTRY,
    ...["--baseDir", options.baseDir],
    ...["--config", "none"],
    ...["--runtime", "minimal"],
    ...["--exportStart", "_initialize"],
    // Keeps function names: Envoy prints them in the backtrace of a trap. Costs no instruction.
    "--debug",
    ...["--use", `abort=${SDK_FUNCTION_PREFIX}runtime/abort/abort`],
    ...(options.stress.collectAlways ? ["--use", "AS_PROXY_WASM_COLLECT_ALWAYS=1"] : []),
  ];
}

function functionNames(module: binaryen.Module): Set<string> {
  const names = new Set<string>();
  for (let index = 0; index < module.getNumFunctions(); index++) {
    names.add(binaryen.getFunctionInfo(module.getFunctionByIndex(index)).name);
  }
  return names;
}

/** What is exported beside what stands in `assembly/abi/callbacks`. */
const OWN_EXPORTS = new Set(["_initialize", REGISTRATIONS_EXPORT]);

/** The callbacks, the allocator and the ABI marker that a module exports. */
function exportNames(module: binaryen.Module): string[] {
  const names: string[] = [];
  for (let index = 0; index < module.getNumExports(); index++) {
    const { kind, name } = binaryen.getExportInfo(module.getExportByIndex(index));
    if (kind === binaryen.ExternalFunction && !OWN_EXPORTS.has(name)) names.push(name);
  }
  return names;
}

/** Throws when the author's code brought in a second SDK, whose registrations ours cannot see. */
function refuseSecondSdk(functions: ReadonlySet<string>): void {
  for (const name of functions) {
    const prefix = /^(.*)assembly\/plugin\/registry\/register(?:Plugin|HttpFilter|TcpFilter)</.exec(
      name,
    )?.[1];
    if (prefix === undefined || `${prefix}assembly/` === SDK_FUNCTION_PREFIX) continue;
    throw new ToolError(
      "ERR_TWO_SDKS",
      `the filter is registered in a second copy of the SDK, reached as '${prefix}index'`,
      { hint: `Import it by its name everywhere: import { ... } from "${PACKAGE}".` },
    );
  }
}

/** What is learned from a module with every callback: which of them it needs. */
class Survey implements Transform {
  registrations: readonly Registration[] = [];
  needed: readonly string[] = [];
  #program: ProgramView | null = null;

  constructor(private readonly sources: Sources) {}

  afterInitialize(program: ProgramView): void {
    this.#program = program;
    checkProgram(program, this.sources);
  }

  afterCompile(module: binaryen.Module): void {
    const functions = functionNames(module);
    refuseSecondSdk(functions);
    if (this.#program !== null) checkTicks(this.#program, functions, this.sources);
    this.registrations = dryStart(module.emitBinary());
    const needless = new Set(needlessExports(functions, this.registrations));
    this.needed = exportNames(module).filter((name) => !needless.has(name));
  }
}

/** Runs asc once; what it writes is returned by name. */
export async function runCompiler(
  flags: readonly string[],
  sources: Sources,
  ...hooks: Transform[]
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const diagnostics: DiagnosticMessage[] = [];
  const written = new Map<string, Uint8Array | string>();
  const { error } = await surviveCrash(() =>
    asc.main(flags, {
      stdout: asc.createMemoryStream(),
      stderr: asc.createMemoryStream(),
      readFile: sources.read,
      writeFile: (name, contents) => void written.set(name, contents),
      listFiles: () => [],
      reportDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
      transforms: hooks,
    }),
  );
  const compileError = toCompileError(diagnostics, sources);
  if (compileError) throw compileError;
  if (error instanceof ToolError) throw error;
  if (error) throw new Error(`the compiler failed: ${messageOf(error)}`, { cause: error });
  return written;
}

/**
 * Compiles twice: first with every callback, unoptimised, to see which the filter needs; then with
 * just those. Taking exports away from the first module would leave what only they reached: asc's
 * table of classes, through which the collector goes, keeps it alive.
 */
async function run(options: CompileOptions): Promise<Compiled> {
  const flags = argumentsFor(options);
  const library = patchLibrary(options.stress);
  try {
    const virtual = new Map([[ENTRY, surveyEntry(options.file)]]);
    const sources = new Sources(virtual, options.onRead);
    const survey = new Survey(sources);
    const hooks = options.logPositions ? [new LogPositions(sources)] : [];
    await runCompiler([...flags, "--noEmit"], sources, survey, ...hooks);

    const exports = `{ ${survey.needed.join(", ")} }`;
    virtual.set(ENTRY, entry(options.file, exports));
    const output = ["--outFile", OUTPUT, ...(options.debug ? ["--sourceMap"] : [])];
    const written = await runCompiler([...flags, ...OPTIMISE, ...output], sources, ...hooks);
    const wasm = written.get(OUTPUT);
    if (!(wasm instanceof Uint8Array)) throw new Error("the compiler wrote no module");
    const sourceMap = written.get(`${OUTPUT}.map`);
    return {
      wasm,
      sourceMap: typeof sourceMap === "string" ? sourceMap : null,
      registrations: survey.registrations,
      files: sources.asked,
    };
  } finally {
    library.restore();
  }
}

let previous: Promise<unknown> = Promise.resolve();

/** Runs what compiles when all before it is done: asc's library texts are changed meanwhile. */
export function inTurn<Result>(compiling: () => Promise<Result>): Promise<Result> {
  const next = previous.then(compiling);
  previous = next.catch(() => undefined);
  return next;
}

/** Compiles one filter. */
export function compile(options: CompileOptions): Promise<Compiled> {
  return inTurn(() => run(options));
}
