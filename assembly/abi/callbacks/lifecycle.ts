import { Configuration } from "../../plugin/configuration";
import {
  createContext,
  deleteContext,
  findHttpFilter,
  findPlugin,
  isUnknownPlugin,
} from "../../plugin/contexts";
import { enter, leave } from "../../runtime/callback";

export function proxy_on_context_create(id: u32, parent: u32): void {
  enter();
  createContext(id, parent);
  leave();
}

export function proxy_on_configure(id: u32, size: u32): bool {
  enter();
  let accepted = false;
  if (!isUnknownPlugin(id)) {
    const plugin = findPlugin(id);
    if (plugin !== null) accepted = plugin.onConfigure(new Configuration(size));
  }
  leave();
  return accepted;
}

export function proxy_on_log(id: u32): void {
  enter();
  if (findPlugin(id) === null) {
    const filter = findHttpFilter(id);
    if (filter !== null) filter.onLog();
  }
  leave();
}

export function proxy_on_delete(id: u32): void {
  enter();
  if (findPlugin(id) === null) {
    const filter = findHttpFilter(id);
    if (filter !== null) filter.onDelete();
  }
  deleteContext(id);
  leave();
}
