// Runs a module's top-level code in Node, with just what Envoy allows there: logging. So what would
// make Envoy refuse (or crash on) the module is a build error, and the build knows what was
// registered.
import { createContext, runInContext } from "node:vm";
import { ToolError, messageOf } from "../errors.ts";
import type { Registration } from "./callbacks.ts";

/** The export that tells the registrations (assembly/plugin/introspection.ts). */
export const REGISTRATIONS_EXPORT = "__as_proxy_wasm_registrations";

/** Top-level code that takes longer than this never ends, as far as an author can wait. */
const TIME_LIMIT_MS = 5_000;

/** Thrown out of an import that is not legal in top-level code. */
class RestrictedCall extends Error {
  constructor(readonly hostCall: string) {
    super(`${hostCall} was called`);
  }
}

/** Reads a string of AssemblyScript's: UTF-16, its size in bytes lies four bytes before it. */
function readString(memory: WebAssembly.Memory, pointer: number): string {
  const size = new DataView(memory.buffer).getUint32(pointer - 4, true);
  return Buffer.from(memory.buffer, pointer, size).toString("utf16le");
}

/** The first line of the author's in a stack trace with function names, if there is one. */
function culpritOf(error: unknown): string | null {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const match of stack.matchAll(/at (.+?) \(wasm:\/\//g)) {
    const name = match[1] ?? "";
    if (!name.startsWith("~") && name !== "_initialize") return name;
  }
  return null;
}

/**
 * Runs `_initialize` of an unpruned, unoptimised module and returns what it registered, in the
 * order of the source. Throws ERR_START_TRAP when it traps, calls the host or never ends.
 */
export function dryStart(wasm: Uint8Array, timeLimitMs = TIME_LIMIT_MS): Registration[] {
  const logged: string[] = [];
  let instance: WebAssembly.Instance | null = null;
  const memoryOf = (): WebAssembly.Memory => {
    const memory = instance?.exports["memory"];
    if (!(memory instanceof WebAssembly.Memory)) throw new Error("the module exports no memory");
    return memory;
  };
  const module = new WebAssembly.Module(Buffer.from(wasm));
  const imports: Record<string, Record<string, (...args: number[]) => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const group = (imports[from] ??= {});
    group[name] = () => {
      throw new RestrictedCall(name);
    };
  }
  if (imports["env"]?.["proxy_log"]) {
    imports["env"]["proxy_log"] = (_level = 0, data = 0, size = 0) => {
      logged.push(Buffer.from(memoryOf().buffer, data, size).toString());
      return 0;
    };
  }
  try {
    instance = new WebAssembly.Instance(module, imports);
    const sandbox = createContext({ start: instance.exports["_initialize"] });
    // A time limit in a context of its own stops an endless loop inside wasm too.
    runInContext("start && start()", sandbox, { timeout: timeLimitMs });
  } catch (error) {
    throw startError(error, logged);
  }
  const registrations = instance.exports[REGISTRATIONS_EXPORT] as () => number;
  return readString(memoryOf(), registrations())
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const blank = line.indexOf(" ");
      return { name: line.slice(blank + 1), shared: line.slice(0, blank) === "shared" };
    });
}

/** The time limit's error comes from another context, whose Error is not ours. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}

function startError(error: unknown, logged: readonly string[]): ToolError {
  const culprit = culpritOf(error);
  const where = culprit === null ? "" : ` (in ${culprit})`;
  if (error instanceof RestrictedCall) {
    return new ToolError(
      "ERR_START_TRAP",
      `top-level code calls the host: ${error.hostCall}${where}`,
      {
        hint: "Envoy allows nothing but logging there. Do it in a callback, for example in a plugin's onConfigure.",
        cause: error,
      },
    );
  }
  if (isTimeout(error)) {
    return new ToolError("ERR_START_TRAP", `top-level code does not end${where}`, {
      hint: "Envoy would hang at start.",
      cause: error,
    });
  }
  const detail = logged.join("\n");
  return new ToolError("ERR_START_TRAP", `top-level code traps: ${messageOf(error)}${where}`, {
    hint: "It runs when Envoy loads the module, which Envoy would then refuse.",
    ...(detail === "" ? {} : { detail }),
    cause: error,
  });
}
