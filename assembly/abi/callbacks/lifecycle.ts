import { Configuration } from "../../plugin/configuration";
import {
  createContext,
  deleteContext,
  findPlugin,
  findStream,
  isUnknownPlugin,
} from "../../plugin/contexts";
import { enter, leave } from "../../runtime/callback";

export function proxy_on_context_create(id: u32, parent: u32): void {
  const outer = enter(id);
  createContext(id, parent);
  leave(outer);
}

export function proxy_on_configure(id: u32, size: u32): bool {
  const outer = enter(id);
  let accepted = false;
  if (!isUnknownPlugin(id)) {
    const plugin = findPlugin(id);
    if (plugin !== null) accepted = plugin.onConfigure(new Configuration(size));
  }
  leave(outer);
  return accepted;
}

export function proxy_on_log(id: u32): void {
  const outer = enter(id);
  if (findPlugin(id) === null) {
    const stream = findStream(id);
    if (stream !== null) stream.onLog();
  }
  leave(outer);
}

export function proxy_on_delete(id: u32): void {
  const outer = enter(id);
  if (findPlugin(id) === null) {
    const stream = findStream(id);
    if (stream !== null) stream.onDelete();
  }
  deleteContext(id);
  leave(outer);
}
