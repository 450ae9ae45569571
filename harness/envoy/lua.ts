// A filter of a few lines of Lua, in Envoy's configuration: for what no Wasm filter is needed for.
import { TYPE } from "./wasm-plugin.ts";

/** `envoy.filters.http.lua` in a listener's chain. */
export interface LuaHttpFilter {
  readonly name: string;
  readonly typed_config: {
    readonly "@type": string;
    readonly default_source_code: { readonly inline_string: string };
  };
}

/** The place of a script in a listener. */
export function luaFilter(name: string, script: string): LuaHttpFilter {
  return {
    name,
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.http.lua.v3.Lua`,
      default_source_code: { inline_string: script },
    },
  };
}
