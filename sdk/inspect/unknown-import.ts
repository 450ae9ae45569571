// What to tell of an import that Envoy does not have: where it comes from, and the way out.
import { didYouMean } from "../did-you-mean.ts";
import { ToolError } from "../errors.ts";
import { HOST_FUNCTIONS } from "./envoy-abi.ts";
import type { AbiFunction, AbiVersion } from "./envoy-abi.ts";
import type { ImportInfo } from "./module-info.ts";
import { printable } from "./printable.ts";

/** What later versions of the ABI have in place of what they dropped. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  proxy_continue_request: "proxy_continue_stream with stream type 0",
  proxy_continue_response: "proxy_continue_stream with stream type 1",
  proxy_get_configuration: "proxy_get_buffer_bytes with buffer type 7",
  proxy_clear_route_cache: "proxy_call_foreign_function with the name clear_route_cache",
};

const RANDOM = "Envoy has random bytes in wasi_snapshot_preview1.random_get.";
const LOG = "Write to Envoy's log with log.info() of as-proxy-wasm.";
const NO_JAVASCRIPT = "There is no JavaScript in Envoy: use the functions of as-proxy-wasm.";
const NO_WASM_BINDGEN =
  "wasm-bindgen is for JavaScript: leave out the crate features that need it, such as js or wasmbind.";
const NO_GO_JS = "Build with GOOS=wasip1 and -buildmode=c-shared instead of GOOS=js.";

const OFFERS =
  "Envoy offers the functions of the Proxy-Wasm ABI in env, and those of WASI preview 1.";

/** Imports that toolchains are known for, as `module.name`, and the way out of each. */
const KNOWN: readonly (readonly [import_: RegExp, hint: string])[] = [
  [
    /^env\.abort$/,
    "AssemblyScript's own abort: `as-proxy-wasm build` puts in one that logs. Plain asc needs --use abort=~lib/as-proxy-wasm/assembly/runtime/abort/abort.",
  ],
  [/^env\.seed$/, `Math.random() takes its seed there. ${RANDOM}`],
  [/^env\.crypto\./, RANDOM],
  [/^env\.(trace$|console\.)/, LOG],
  [
    /^env\.(Date\.|performance\.|process\.hrtime)/,
    "Envoy's clock is proxy_get_current_time_nanoseconds.",
  ],
  [/^env\.(Math|Reflect|String|process|globalThis|document)(\.|$)/, NO_JAVASCRIPT],
  [/^(wbg|__wbindgen_\w+)\./, NO_WASM_BINDGEN],
  [/^(go|gojs)\./, NO_GO_JS],
  [/^wasi:/, "Envoy has WASI preview 1 only: build for wasm32-wasip1 or the like."],
];

/** The error for an import of a function that Envoy does not offer under that version of the ABI. */
export function unknownImport(imported: ImportInfo, version: AbiVersion): ToolError {
  const name = `${printable(imported.module)}.${printable(imported.name)}`;
  const elsewhere = HOST_FUNCTIONS.find(
    (offered) => offered.module === imported.module && offered.name === imported.name,
  );
  if (elsewhere !== undefined) {
    return new ToolError(
      "ERR_UNKNOWN_IMPORT",
      `the module imports ${name}, which Envoy has only for ABI ${elsewhere.versions.join(" and ")}, and marks itself as ABI ${version}`,
      { hint: wayOutOfVersion(elsewhere) },
    );
  }
  return new ToolError(
    "ERR_UNKNOWN_IMPORT",
    `the module imports ${name}, which Envoy does not have`,
    { hint: wayOut(imported, version) },
  );
}

function wayOutOfVersion(offered: AbiFunction): string {
  const replacement = REPLACEMENTS[offered.name];
  if (replacement !== undefined) return `Call ${replacement} instead.`;
  return "Export proxy_abi_version_0_2_1 in place of the marker that the module has.";
}

function wayOut(imported: ImportInfo, version: AbiVersion): string {
  const full = `${imported.module}.${imported.name}`;
  const known = KNOWN.find(([pattern]) => pattern.test(full));
  if (known !== undefined) return known[1];
  const offered = HOST_FUNCTIONS.filter((each) => each.versions.includes(version));
  const sameName = offered.find((each) => each.name === imported.name);
  if (sameName !== undefined) {
    const module = sameName.module ?? "";
    return `Envoy has it in the module "${module}": in AssemblyScript, put @external("${module}", "${sameName.name}") above its declaration.`;
  }
  const meant = didYouMean(
    imported.name,
    offered.map((each) => each.name),
  );
  if (meant !== null) return `Did you mean ${meant}?`;
  if (offered.some((each) => each.module === imported.module)) return OFFERS;
  return `${OFFERS} AssemblyScript takes the file for the module unless @external("env", "name") says otherwise.`;
}
