import { findPlugin } from "../../plugin/contexts";
import { queueReady, runTimers } from "../../plugin/hooks";
import { VmConfiguration } from "../../plugin/vm-configuration";
import { enter, leave } from "../../runtime/callback";

export function proxy_on_vm_start(id: u32, size: u32): bool {
  const outer = enter(id);
  const plugin = findPlugin(id);
  // A plugin that is not registered is refused when it is configured.
  const accepted = plugin === null || plugin.onStart(new VmConfiguration(size));
  leave(outer);
  return accepted;
}

export function proxy_on_tick(id: u32): void {
  const outer = enter(id);
  const run = runTimers;
  if (run !== null) run(id);
  leave(outer);
}

export function proxy_on_queue_ready(id: u32, token: u32): void {
  const outer = enter(id);
  const ready = queueReady;
  if (ready !== null) ready(token);
  leave(outer);
}

/** Streams have nothing to wait for: what they do at their end, they do in `onDelete`. */
export function proxy_on_done(id: u32): bool {
  const outer = enter(id);
  const plugin = findPlugin(id);
  const isDone = plugin === null || plugin.onDone();
  leave(outer);
  return isDone;
}
