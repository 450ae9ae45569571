// A guest that logs each callback that Envoy makes, in a line of its own: whose it is (the plugin's or a
// stream's), its name, and `last` where it is told that a stream ends with it.
import { CALLBACKS } from "../../sdk/inspect/envoy-abi.ts";
import { Guest } from "../../sdk/host/testing.ts";

/** What a recorder does beside recording, by callback. */
export interface Script {
  /** What callbacks answer; default: what goes on. */
  readonly answers?: Readonly<Record<string, number>>;
  /** What callbacks do, in WebAssembly text: `$stream` is the last stream that was made, `$plugin` its plugin. */
  readonly does?: (guest: Guest) => Readonly<Record<string, string>>;
}

/** What must be said for Envoy to go on. */
const YES: ReadonlySet<string> = new Set([
  "proxy_on_vm_start",
  "proxy_validate_configuration",
  "proxy_on_configure",
  "proxy_on_done",
]);

/** The callbacks whose third parameter says whether the stream ends there. */
const TELLS_END = /^proxy_on_(?:request|response)_(?:headers|body)$|stream_data$/;

/** The module. Each VM has one plugin. */
export function recorder(script: Script = {}): Uint8Array {
  const { answers = {} } = script;
  const guest = new Guest({
    more: "(global $plugin (mut i32) (i32.const 0)) (global $stream (mut i32) (i32.const 0))",
  });
  const does = script.does?.(guest) ?? {};
  for (const { name, versions } of CALLBACKS) {
    if (!versions.includes("0.2.1")) continue;
    const told = TELLS_END.test(name)
      ? `(if (local.get 2) (then ${guest.log(`stream ${name} last`)}) (else ${guest.log(`stream ${name}`)}))`
      : `(if (i32.eq (local.get 0) (global.get $plugin)) (then ${guest.log(`plugin ${name}`)})
           (else ${guest.log(`stream ${name}`)}))`;
    const made =
      name === "proxy_on_context_create"
        ? `(if (local.get 1) (then (global.set $stream (local.get 0))) (else (global.set $plugin (local.get 0))))`
        : "";
    guest.on(name, `${made} ${told} ${does[name] ?? ""}`, answers[name] ?? (YES.has(name) ? 1 : 0));
  }
  guest.on("_initialize", guest.log("plugin _initialize"));
  return guest.wasm();
}
