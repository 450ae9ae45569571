// A filter whose configuration Envoy reads from a file, and anew whenever the file is replaced: the
// way in which Istio's WasmPlugin and Envoy Gateway change a filter under a running Envoy (ECDS).
import { rename, writeFile } from "node:fs/promises";
import { TYPE, pluginConfig } from "./wasm-plugin.ts";
import type { WasmFilterSpec } from "./wasm-plugin.ts";

/** A filter of a listener that is configured by a file. */
export interface DiscoveredFilterSpec {
  readonly name: string;
  /** The absolute path of a file that `writeDiscovered` has written. */
  readonly path: string;
}

/** The same in Envoy's configuration. */
export interface DiscoveredHttpFilter {
  readonly name: string;
  readonly config_discovery: {
    readonly config_source: { readonly path_config_source: { readonly path: string } };
    readonly type_urls: readonly string[];
  };
}

const WASM = `${TYPE}envoy.extensions.filters.http.wasm.v3.Wasm`;

/** The place in a listener of a filter that is configured by a file. */
export function discoveredFilter({ name, path }: DiscoveredFilterSpec): DiscoveredHttpFilter {
  return {
    name,
    config_discovery: {
      config_source: { path_config_source: { path } },
      type_urls: [WASM],
    },
  };
}

/**
 * Writes the file; an Envoy that has read it before takes up what it holds now. `version` is what
 * Envoy then shows as the version_text of its statistics.
 */
export async function writeDiscovered(
  { name, path }: DiscoveredFilterSpec,
  filter: WasmFilterSpec,
  version = "",
): Promise<void> {
  const resource = {
    "@type": `${TYPE}envoy.config.core.v3.TypedExtensionConfig`,
    name,
    typed_config: { "@type": WASM, config: pluginConfig(filter) },
  };
  // Envoy watches for files that are moved to this name.
  await writeFile(`${path}.new`, JSON.stringify({ version_info: version, resources: [resource] }));
  await rename(`${path}.new`, path);
}
