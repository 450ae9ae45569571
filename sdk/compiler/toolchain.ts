/** Put in by the bundler (scripts/esbuild.mjs); there is none where the sources run as they are. */
declare const AS_PROXY_WASM_TOOLCHAIN: string | undefined;

/**
 * A hash of the code that makes modules, taken when this program was bundled: what one version has
 * built is of no use to another. Null when it is not known.
 */
export function toolchain(): string | null {
  return typeof AS_PROXY_WASM_TOOLCHAIN === "string" ? AS_PROXY_WASM_TOOLCHAIN : null;
}
