// Modules for abi.test.ts and the parts to put them together from.
import {
  ABI_VERSIONS,
  CALLBACKS,
  HOST_FUNCTIONS,
  LIFECYCLE,
  abiMarker,
} from "../../sdk/inspect/envoy-abi.ts";
import type { AbiFunction, AbiVersion } from "../../sdk/inspect/envoy-abi.ts";
import { assemble } from "../../sdk/inspect/testing.ts";

/** Modules by what is special about them. */
export type Modules = ReadonlyMap<string, Uint8Array>;

/** A function type in WebAssembly text, from `(i32, i64) -> i32`. */
function declared(signature: string): string {
  const [parameters = "", result = ""] = signature.slice(1).split(") -> ");
  const list = parameters.replaceAll(",", "");
  return `${list === "" ? "" : `(param ${list})`} ${result === "()" ? "" : `(result ${result})`}`;
}

const MEMORY = `(memory (export "memory") 1)`;
const ALLOCATOR = `(func (export "malloc") (param i32) (result i32) (i32.const 1024))`;
/** An empty `_initialize`. */
export const INITIALIZE = `(func (export "_initialize"))`;

/** The export that marks a module as of this version. */
export function marker(version: AbiVersion): string {
  return `(func (export "${abiMarker(version)}"))`;
}

/** What a module has to have, each with a default that Envoy takes. */
export interface Parts {
  readonly memory?: string;
  readonly marker?: string;
  readonly allocator?: string;
}

/** The least that Envoy takes, with more put into it, or other parts for its own. */
export function filter(more: string, parts: Parts = {}): string {
  const { memory = MEMORY, allocator = ALLOCATOR } = parts;
  return `(module ${more} ${memory} ${parts.marker ?? marker("0.2.1")} ${allocator})`;
}

/** An exported function. */
export function exported(name: string, type: string, body = ""): string {
  return `(func (export "${name}") ${type} ${body})`;
}

/** A function imported from `env`; the type may begin with a name. */
export function imported(name: string, type: string): string {
  return `(import "env" "${name}" (func ${type}))`;
}

/** A module that imports all of `functions`, and exports all that Envoy calls, in a version. */
export function everything(version: AbiVersion, functions: readonly AbiFunction[]): Uint8Array {
  const imports = functions
    .filter((each) => each.versions.includes(version))
    .map(
      ({ module, name, signature }) =>
        `(import "${module ?? ""}" "${name}" (func ${declared(signature)}))`,
    );
  const exports = [...LIFECYCLE, ...CALLBACKS]
    .filter((each) => each.versions.includes(version))
    .map(({ name, signature }) =>
      exported(name, declared(signature), signature.endsWith("i32") ? "(i32.const 1024)" : ""),
    );
  return assemble(`(module ${imports.join("")} ${MEMORY} ${marker(version)} ${exports.join("")})`);
}

/**
 * By version and name: each import and each export with a wrong type, and the imports that the version
 * lacks with their right one.
 */
export function misfits(): Modules {
  const misfit = new Map<string, Uint8Array>();
  for (const version of ABI_VERSIONS) {
    const parts = { marker: marker(version) };
    for (const { name } of [...LIFECYCLE, ...CALLBACKS]) {
      // Envoy calls main only where there is _initialize.
      const more = name.includes("main") ? INITIALIZE : "";
      const own = name === "malloc" ? { ...parts, allocator: "" } : parts;
      misfit.set(
        `${version}: export ${name}`,
        assemble(filter(more + exported(name, "(param f32)"), own)),
      );
    }
    for (const { module, name, signature, versions } of HOST_FUNCTIONS) {
      const type = versions.includes(version) ? "(param f32)" : declared(signature);
      misfit.set(
        `${version}: import ${module ?? ""}.${name}`,
        assemble(filter(`(import "${module ?? ""}" "${name}" (func ${type}))`, parts)),
      );
    }
  }
  return misfit;
}
