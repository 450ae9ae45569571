// Guests for tests, put together from WebAssembly text: no SDK stands between the test and the host.
import { HOST_FUNCTIONS, CALLBACKS, abiMarker } from "../inspect/envoy-abi.ts";
import type { AbiVersion } from "../inspect/envoy-abi.ts";
import { assemble } from "../inspect/testing.ts";
import { createHost } from "./host.ts";
import type { Host } from "./host.ts";
import type { HostOptions } from "./options.ts";
import type { TestContext } from "node:test";

/** Where results of host calls are put: the pointer, the size, and a number. */
export const POINTER_AT = 8;
export const SIZE_AT = 12;
export const NUMBER_AT = 24;

const DATA_FROM = 1024;
const HEAP_FROM = 65536;

interface GuestOptions {
  /** Default: 0.2.1. */
  readonly version?: AbiVersion;
  /** The body of `malloc`; default: one that never runs out of what 16 MiB hold. */
  readonly malloc?: string;
  /** More of the module: functions, exports, globals. */
  readonly more?: string;
}

/** Writes a function type of `envoy-abi.ts` in WebAssembly text. */
function declared(signature: string): string {
  const [parameters = "", result = ""] = signature.slice(1).split(") -> ");
  const list = parameters.replaceAll(",", "");
  return `${list === "" ? "" : `(param ${list})`} ${result === "()" ? "" : `(result ${result})`}`;
}

/** A module that grows by callbacks. Their parameters are locals 0, 1, 2 ...; host calls go by `$name`. */
export class Guest {
  readonly #version: AbiVersion;
  readonly #options: GuestOptions;
  readonly #callbacks = new Map<string, string>();
  readonly #texts = new Map<string, number>();
  #data = "";
  #free = DATA_FROM;

  constructor(options: GuestOptions = {}) {
    this.#options = options;
    this.#version = options.version ?? "0.2.1";
  }

  /** The text's place and size, as two operands. Each character is a byte. */
  text(text: string): string {
    let at = this.#texts.get(text);
    if (at === undefined) {
      at = this.#free;
      this.#free += text.length + 1;
      this.#texts.set(text, at);
      const bytes = Array.from(
        Buffer.from(text, "latin1"),
        (byte) => `\\${byte.toString(16).padStart(2, "0")}`,
      );
      this.#data += `(data (i32.const ${at}) "${bytes.join("")}")`;
    }
    return `(i32.const ${at}) (i32.const ${text.length})`;
  }

  /** Numbers as operands. */
  static numbers(...values: readonly number[]): string {
    return values.map((value) => `(i32.const ${value | 0})`).join(" ");
  }

  /** Logs a text at info. */
  log(text: string): string {
    return `(drop (call $proxy_log (i32.const 2) ${this.text(text)}))`;
  }

  /** Logs the status that an expression answers, as two digits. */
  tell(expression: string): string {
    return `(call $tell ${expression})`;
  }

  /** Logs the status, and behind it what the host call wrote to POINTER_AT and SIZE_AT where it is 0. */
  tellResult(expression: string): string {
    return `(call $tell_result ${expression})`;
  }

  /** Logs the status, and the bytes of the number at NUMBER_AT where it is 0. */
  tellNumber(expression: string): string {
    return `(call $tell_number ${expression})`;
  }

  /** Adds an exported callback with this body; `result` is what it answers. */
  on(callback: string, body: string, result = 0): this {
    this.#callbacks.set(
      callback,
      `${body} ${this.#answers(callback) ? `(i32.const ${result})` : ""}`,
    );
    return this;
  }

  wasm(): Uint8Array {
    const callbacks = [...this.#callbacks].map(([name, body]) => {
      const signature = this.#signature(name);
      return `(func $${name} (export "${name}") ${signature === null ? "" : declared(signature)} ${body})`;
    });
    const malloc =
      this.#options.malloc ??
      `(local $at i32) (local.set $at (global.get $heap))
       (global.set $heap (i32.add (local.get $at) (local.get 0))) (local.get $at)`;
    const code = `${callbacks.join("\n")} ${this.#options.more ?? ""} ${malloc} ${HELPERS}`;
    const imports = HOST_FUNCTIONS.filter(
      ({ name, module, versions }) =>
        module !== "wasi_unstable" &&
        versions.includes(this.#version) &&
        new RegExp(`\\$${name}\\b`).test(code),
    ).map(
      ({ module, name, signature }) =>
        `(import "${module ?? ""}" "${name}" (func $${name} ${declared(signature)}))`,
    );
    return assemble(`(module ${imports.join("\n")}
      (memory (export "memory") 256)
      (global $heap (mut i32) (i32.const ${HEAP_FROM}))
      ${this.#data}
      (func (export "${abiMarker(this.#version)}"))
      (func (export "malloc") (param i32) (result i32) ${malloc})
      ${HELPERS} ${callbacks.join("\n")} ${this.#options.more ?? ""})`);
  }

  #signature(callback: string): string | null {
    const known = CALLBACKS.find(
      ({ name, versions }) => name === callback && versions.includes(this.#version),
    );
    return known?.signature ?? null;
  }

  #answers(callback: string): boolean {
    return this.#signature(callback)?.endsWith("i32") ?? false;
  }
}

const HELPERS = `
  (func $tell (param $status i32)
    (i32.store8 (i32.const 32) (i32.add (i32.const 48) (i32.div_u (local.get $status) (i32.const 10))))
    (i32.store8 (i32.const 33) (i32.add (i32.const 48) (i32.rem_u (local.get $status) (i32.const 10))))
    (drop (call $proxy_log (i32.const 2) (i32.const 32) (i32.const 2))))
  (func $tell_result (param $status i32)
    (call $tell (local.get $status))
    (if (i32.eqz (local.get $status)) (then
      (drop (call $proxy_log (i32.const 2) (i32.load (i32.const ${POINTER_AT})) (i32.load (i32.const ${SIZE_AT})))))))
  (func $tell_number (param $status i32)
    (local $at i32) (local $digit i32)
    (call $tell (local.get $status))
    (if (local.get $status) (then (return)))
    (loop $next
      (local.set $digit (i32.and (i32.shr_u (i32.load (i32.const ${NUMBER_AT}))
        (i32.sub (i32.const 28) (i32.mul (local.get $at) (i32.const 4)))) (i32.const 15)))
      (i32.store8 (i32.add (i32.const 40) (local.get $at)) (i32.add (i32.add (i32.const 48) (local.get $digit))
        (i32.mul (i32.gt_u (local.get $digit) (i32.const 9)) (i32.const 39))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 8))))
    (drop (call $proxy_log (i32.const 2) (i32.const 40) (i32.const 8))))`;

/** A host of the guest, closed when the test ends. */
export async function hostOf(
  t: TestContext,
  guest: Guest,
  options: Omit<HostOptions, "wasm"> = {},
): Promise<Host> {
  const host = await createHost({ ...options, wasm: guest.wasm() });
  t.after(() => host.close());
  return host;
}

/** Where the results of most host calls are put, as operands. */
export const RESULT = Guest.numbers(POINTER_AT, SIZE_AT);

/** Logs the status and the value of a header map's entry. */
export function get(guest: Guest, map: number, name: string): string {
  return guest.tellResult(
    `(call $proxy_get_header_map_value ${Guest.numbers(map)} ${guest.text(name)} ${RESULT})`,
  );
}

/** Logs the status and the value of a property. */
export function property(guest: Guest, path: string): string {
  return guest.tellResult(`(call $proxy_get_property ${guest.text(path)} ${RESULT})`);
}
