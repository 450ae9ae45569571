// Proxy-Wasm modules for the harness's own tests, written in WebAssembly's text format: no SDK of
// ours stands between the test and what Envoy does.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import binaryen from "binaryen";

export interface ModuleParts {
  /** Instructions of `proxy_on_vm_start`. Default: answer true. */
  readonly vmStart?: string;
  /** Instructions of `proxy_on_configure`. Default: log the configuration, answer true. */
  readonly configure?: string;
  /** Instructions of `proxy_on_request_headers`. Default: continue. */
  readonly requestHeaders?: string;
  /** Imports beside those of this file. */
  readonly imports?: string;
  /** Globals, data (from address 4096) and functions beside those. */
  readonly extra?: string;
  /** Default: proxy_abi_version_0_2_1. */
  readonly abiMarker?: string;
  /** Keeps the functions' names. Default: false. */
  readonly names?: boolean;
}

/** Instructions that log what lies at an address. */
export function logAt(level: number, address: number, size: number): string {
  return `(drop (call $proxy_log (i32.const ${level}) (i32.const ${address}) (i32.const ${size})))`;
}

/** Assembles a module. It logs its configuration at info when it is configured. */
export function assemble(parts: ModuleParts = {}): Uint8Array {
  const module = binaryen.parseText(`(module
    (import "env" "proxy_log" (func $proxy_log (param i32 i32 i32) (result i32)))
    (import "env" "proxy_get_buffer_bytes" (func $proxy_get_buffer_bytes (param i32 i32 i32 i32 i32) (result i32)))
    ${parts.imports ?? ""}
    (memory (export "memory") 4)
    ${parts.extra ?? ""}
    ;; Results of host calls follow each other from 64 KiB on; nothing is freed.
    (global $free (mut i32) (i32.const 65536))
    (func (export "malloc") (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $free))
      (global.set $free (i32.add (local.get $at) (local.get $size)))
      (local.get $at))
    (func (export "${parts.abiMarker ?? "proxy_abi_version_0_2_1"}"))
    (func (export "proxy_on_context_create") (param i32 i32))
    (func $proxy_on_vm_start (export "proxy_on_vm_start") (param i32 i32) (result i32)
      ${parts.vmStart ?? "(i32.const 1)"})
    (func $log_configuration (param $size i32)
      (if (i32.eqz (local.get $size)) (then (return)))
      ;; Buffer 7 is the plugin's configuration; the results go to addresses 8 and 12.
      (drop (call $proxy_get_buffer_bytes
        (i32.const 7) (i32.const 0) (local.get $size) (i32.const 8) (i32.const 12)))
      (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 8)) (i32.load (i32.const 12)))))
    (func $proxy_on_configure (export "proxy_on_configure") (param $context i32) (param $size i32) (result i32)
      ${parts.configure ?? "(call $log_configuration (local.get $size)) (i32.const 1)"})
    (func $proxy_on_request_headers (export "proxy_on_request_headers")
      (param $context i32) (param $count i32) (param $end i32) (result i32)
      ${parts.requestHeaders ?? "(i32.const 0)"})
    (func (export "proxy_on_done") (param i32) (result i32) (i32.const 1))
    (func (export "proxy_on_delete") (param i32)))`);
  try {
    if (module.validate() === 0) throw new Error("the test module is not valid");
    binaryen.setDebugInfo(parts.names ?? false);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** Writes a module into a folder and answers its path. */
export async function writeModule(
  folder: string,
  name: string,
  parts?: ModuleParts,
): Promise<string> {
  const path = join(folder, `${name}.wasm`);
  await writeFile(path, assemble(parts));
  return path;
}
