// What Envoy would refuse about a module, or crash on, told before it is loaded. Each rule was seen to
// hold on Envoy 1.40. It loads a module with a start section or without a memory, and then crashes at
// the first host call that needs one.
import { ToolError } from "../errors.ts";
import {
  ABI_MARKER_PREFIX,
  ABI_VERSIONS,
  CALLBACKS,
  HOST_FUNCTIONS,
  LIFECYCLE,
  abiMarker,
} from "./envoy-abi.ts";
import type { AbiFunction, AbiVersion } from "./envoy-abi.ts";
import type { ExportInfo, ExternalKind, ImportInfo, ModuleInfo } from "./module-info.ts";
import { printable } from "./printable.ts";
import { UNKNOWN_TYPE } from "./type-section.ts";
import { unknownImport } from "./unknown-import.ts";

/** What a module is checked as that does not tell its version. */
const LATEST: AbiVersion = "0.2.1";

/** The exports that Envoy allocates by: it looks for the second where the first is missing. */
const MALLOC = "malloc";
const ALLOCATE = "proxy_on_memory_allocate";

/** Envoy's limit on the memory of a module. */
const MOST_MEMORY_BYTES = 2 ** 30;

/** The value types that Envoy's WebAssembly interface has; on any other it crashes. */
const ENVOY_TYPES: ReadonlySet<string> = new Set([
  "i32",
  "i64",
  "f32",
  "f64",
  "funcref",
  "externref",
  "(ref func)",
  "(ref extern)",
]);

/** How many problems are told: a hostile module could have a million. */
const MOST_PROBLEMS = 100;

/** Throws the first of a module's problems, with the others in its detail. */
export function checkModule(info: ModuleInfo): void {
  const [first, ...others] = moduleProblems(info);
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new ToolError(first.code, first.message, {
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    detail: others.map((other) => `also ${other.code}: ${other.message}`).join("\n"),
  });
}

/**
 * The reasons for which Envoy would not take the module, or crash: up to a hundred of them. Empty when
 * Envoy will take it.
 */
export function moduleProblems(info: ModuleInfo): readonly ToolError[] {
  const problems: ToolError[] = [];
  for (const problem of allProblems(info)) {
    problems.push(problem);
    if (problems.length === MOST_PROBLEMS) break;
  }
  return problems;
}

function* allProblems(info: ModuleInfo): Generator<ToolError> {
  const version = info.abiVersion ?? LATEST;
  yield* markerProblems(info);
  yield* nameSectionProblems(info);
  yield* importProblems(info.imports, version);
  yield* startProblems(info);
  yield* memoryProblems(info);
  yield* exportTypeProblems(info.exports);
  yield* allocatorProblems(info.exports);
  yield* callbackProblems(info.exports, version);
}

function* markerProblems(info: ModuleInfo): Generator<ToolError> {
  if (info.abiVersion !== null) return;
  const marker = info.exports.find(({ name }) => name.startsWith(ABI_MARKER_PREFIX));
  let message = "the module does not tell which version of the Proxy-Wasm ABI it speaks";
  if (marker?.kind === "function") {
    message = `the module speaks a version of the Proxy-Wasm ABI that Envoy does not know: ${printable(marker.name)}`;
  } else if (marker !== undefined) {
    message = `the module's export ${printable(marker.name)} is a ${marker.kind} and no function`;
  }
  yield new ToolError("ERR_NO_ABI_MARKER", message, {
    hint: `Export an empty function ${abiMarker(LATEST)}: Envoy knows ${ABI_VERSIONS.join(", ")}. Filters that import as-proxy-wasm have it.`,
  });
}

function* nameSectionProblems(info: ModuleInfo): Generator<ToolError> {
  const problem = info.nameSection?.problem;
  if (problem === undefined || problem === null) return;
  yield new ToolError("ERR_NOT_WASM", `the module's name section is damaged: ${problem}`, {
    hint: "Build the module again, or strip the section: Envoy refuses the module with it.",
  });
}

function* importProblems(
  imports: readonly ImportInfo[],
  version: AbiVersion,
): Generator<ToolError> {
  const offered = new Map(
    HOST_FUNCTIONS.filter((each) => each.versions.includes(version)).map((each) => [
      `${each.module ?? ""}.${each.name}`,
      each,
    ]),
  );
  const before = new Set<ExternalKind>();
  for (const imported of imports) {
    const problem =
      imported.kind === "function"
        ? functionImportProblem(imported, offered, version)
        : otherImportProblem(imported, before.has(imported.kind));
    if (problem !== null) yield problem;
    before.add(imported.kind);
  }
}

function functionImportProblem(
  imported: ImportInfo,
  offered: ReadonlyMap<string, AbiFunction>,
  version: AbiVersion,
): ToolError | null {
  const host = offered.get(`${imported.module}.${imported.name}`);
  if (host === undefined) return unknownImport(imported, version);
  if (imported.type === host.signature || imported.type === UNKNOWN_TYPE) return null;
  return new ToolError(
    "ERR_WRONG_SIGNATURE",
    `the module imports ${qualified(imported)} as ${printable(imported.type)}, and Envoy has ${host.signature}`,
    { hint: "Declare the import with the parameters and the result that Envoy has." },
  );
}

/** Envoy makes one memory and one table for a module that imports them, and nothing else. */
function otherImportProblem(imported: ImportInfo, second: boolean): ToolError | null {
  const name = qualified(imported);
  if (imported.kind === "global") {
    return new ToolError(
      "ERR_UNKNOWN_IMPORT",
      `the module imports the global ${name}, and Envoy offers no globals`,
      { hint: "Link the module as one: it looks like a part that needs another." },
    );
  }
  if (second) {
    return new ToolError(
      "ERR_UNKNOWN_IMPORT",
      `the module imports a second ${imported.kind}, ${name}, and Envoy makes one`,
      { hint: "Define it in the module instead of importing it." },
    );
  }
  return unsupportedType(imported, `import ${name}`);
}

function* startProblems(info: ModuleInfo): Generator<ToolError> {
  if (info.start === null) return;
  const { name, index } = info.start;
  const called = name === null ? `function ${index}` : printable(name);
  yield new ToolError(
    "ERR_START_SECTION",
    `the module has a start section, which runs ${called} before Envoy is ready for it`,
    {
      hint: "A host call made there crashes Envoy. Pass --exportStart _initialize to asc, as `as-proxy-wasm build` does; elsewhere, export _initialize.",
    },
  );
}

function* memoryProblems(info: ModuleInfo): Generator<ToolError> {
  const imported = info.memories.filter((memory) => memory.imported);
  if (imported.length === 0 && !info.exports.some(({ kind }) => kind === "memory")) {
    yield new ToolError(
      "ERR_MEMORY",
      "the module exports no memory, so Envoy would crash at its first host call",
      { hint: 'Export the memory; its usual name is "memory".' },
    );
  }
  for (const { initialBytes } of info.memories) {
    if (initialBytes <= MOST_MEMORY_BYTES) continue;
    const mebibytes = Math.ceil(initialBytes / 2 ** 20);
    yield new ToolError(
      "ERR_MEMORY",
      `the module begins with ${mebibytes} MiB of memory, and Envoy's limit is 1024 MiB`,
      { hint: "Make the initial memory smaller: it can grow." },
    );
  }
  if (imported.some((memory) => memory.memory64 || memory.shared)) {
    yield new ToolError(
      "ERR_MEMORY",
      "the module imports a memory that is shared or of 64 bits, which Envoy cannot make",
      { hint: "Import an unshared memory of 32 bits, or define it in the module." },
    );
  }
}

function* exportTypeProblems(exports: readonly ExportInfo[]): Generator<ToolError> {
  for (const each of exports) {
    const problem = unsupportedType(each, `export ${printable(each.name)}`);
    if (problem !== null) yield problem;
  }
}

/** Whether Envoy's WebAssembly interface has no word for the type: it then crashes. */
function unsupportedType(
  { kind, type }: { readonly kind: ExternalKind; readonly type: string },
  what: string,
): ToolError | null {
  if (kind === "memory") return null;
  const types = type.match(/\(ref [^()]*\)|(?!mut\b)\b[a-z]\w*/g) ?? [];
  const foreign = kind === "tag" ? "tag" : types.find((each) => !ENVOY_TYPES.has(each));
  if (foreign === undefined) return null;
  const message =
    kind === "tag"
      ? `the ${what} is a tag, which crashes Envoy`
      : `the ${what} has the type ${foreign}, which crashes Envoy`;
  return new ToolError("ERR_UNSUPPORTED_TYPE", message, {
    hint: `Keep it inside of the module: what is imported and exported can be ${[...ENVOY_TYPES].join(", ")}.`,
  });
}

function* allocatorProblems(exports: readonly ExportInfo[]): Generator<ToolError> {
  if ((exportedFunction(exports, MALLOC) ?? exportedFunction(exports, ALLOCATE)) !== undefined) {
    return;
  }
  yield new ToolError("ERR_NO_ALLOCATOR", `the module exports neither ${MALLOC} nor ${ALLOCATE}`, {
    hint: "Envoy takes memory from there for the results of host calls: export one of them, as (i32) -> i32.",
  });
}

function* callbackProblems(
  exports: readonly ExportInfo[],
  version: AbiVersion,
): Generator<ToolError> {
  // Envoy looks for the second of each pair only where the module lacks the first.
  const initializes = exportedFunction(exports, "_initialize") !== undefined;
  const ignored = new Set(initializes ? ["_start"] : ["main", "__main_void"]);
  if (exportedFunction(exports, MALLOC) !== undefined) ignored.add(ALLOCATE);
  for (const { name, signature, versions } of [...LIFECYCLE, ...CALLBACKS]) {
    if (!versions.includes(version) || ignored.has(name)) continue;
    const type = exportedFunction(exports, name);
    if (type === undefined || type === signature || type === UNKNOWN_TYPE) continue;
    yield new ToolError(
      "ERR_WRONG_SIGNATURE",
      `the module exports ${name} as ${printable(type)}, and Envoy calls it as ${signature}`,
      { hint: `That is its type in ABI ${version}: check the parameters and the result.` },
    );
  }
}

/** The type of the function that the module exports by that name. */
function exportedFunction(exports: readonly ExportInfo[], name: string): string | undefined {
  return exports.find((each) => each.kind === "function" && each.name === name)?.type;
}

function qualified({ module, name }: ImportInfo): string {
  return `${printable(module)}.${printable(name)}`;
}
