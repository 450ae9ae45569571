import { ToolError } from "../errors.ts";
import { checkModule } from "../inspect/check.ts";
import type { AbiVersion } from "../inspect/envoy-abi.ts";
import { inspectModule } from "../inspect/inspect.ts";

/** A module that Envoy would take, compiled. */
export interface LoadedModule {
  readonly compiled: WebAssembly.Module;
  readonly abiVersion: AbiVersion;
  /** The name by which its memory is exported; null when it imports its memory. */
  readonly memoryExport: string | null;
  /** The memory that it imports, with its limits in pages. */
  readonly memoryImport: MemoryImport | null;
}

interface MemoryImport {
  readonly module: string;
  readonly name: string;
  readonly initial: number;
  readonly maximum: number | null;
}

/** Checks a module as Envoy would, and compiles it. Throws a ToolError for what Envoy would refuse. */
export function loadModule(wasm: Uint8Array): LoadedModule {
  const info = inspectModule(wasm, "the module");
  checkModule(info);
  if (info.memories.some((memory) => memory.memory64 || memory.shared)) {
    throw new ToolError("ERR_MEMORY", "the module's memory is shared or of 64 bits", {
      hint: "Envoy takes it, and this host does not: build the module for wasm32 without threads.",
    });
  }
  const imported = info.imports.find(({ kind }) => kind === "memory");
  const memory = info.memories.find((each) => each.imported);
  return {
    compiled: new WebAssembly.Module(Buffer.from(wasm)),
    // checkModule has refused a module without a version.
    abiVersion: info.abiVersion ?? "0.2.1",
    memoryExport: info.exports.find(({ kind }) => kind === "memory")?.name ?? null,
    memoryImport:
      imported === undefined || memory === undefined
        ? null
        : {
            module: imported.module,
            name: imported.name,
            initial: memory.initialPages,
            maximum: memory.maximumPages,
          },
  };
}
