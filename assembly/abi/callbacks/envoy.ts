// What Envoy calls beside Proxy-Wasm.

import { onDnsAnswer } from "../../callout/hooks";
import { findPlugin } from "../../plugin/contexts";
import { StatsSnapshot } from "../../plugin/stats-snapshot";
import { enter, leave } from "../../runtime/callback";

/** The answer to a lookup has come; nothing where it failed. */
export function envoy_on_resolve_dns(root: u32, token: u32, size: u32): void {
  const outer = enter(root);
  onDnsAnswer(root, token, size);
  leave(outer);
}

/** Envoy hands its statistics out; of the size that it names, more is made up than is there. */
export function envoy_on_stats_update(root: u32, size: u32): void {
  const outer = enter(root);
  const plugin = findPlugin(root);
  if (plugin !== null) {
    const snapshot = new StatsSnapshot();
    plugin.onStats(snapshot);
    snapshot.__close();
  }
  leave(outer);
}
