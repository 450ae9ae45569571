import { AccessLog } from "../../plugin/access-log";
import { setLast } from "../../http/phase";
import { Configuration } from "../../plugin/configuration";
import {
  createContext,
  deleteContext,
  findPlugin,
  findStream,
  isUnknownPlugin,
} from "../../plugin/contexts";
import { endPlugin } from "../../plugin/hooks";
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
  setLast(true);
  const plugin = findPlugin(id);
  if (plugin !== null) {
    plugin.onAccessLog(new AccessLog());
  } else {
    const stream = findStream(id);
    if (stream !== null) stream.onLog();
  }
  setLast(false);
  leave(outer);
}

export function proxy_on_delete(id: u32): void {
  const outer = enter(id);
  setLast(true);
  const plugin = findPlugin(id);
  if (plugin !== null) {
    plugin.onDelete();
    endPlugin(id);
  } else {
    const stream = findStream(id);
    if (stream !== null) stream.onDelete();
  }
  deleteContext(id);
  setLast(false);
  leave(outer);
}
