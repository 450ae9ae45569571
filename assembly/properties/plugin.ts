// The plugin that this filter belongs to, as Envoy's configuration calls it. From every callback.
import { readText } from "./read";

/** Its name. */
export function name(): string | null {
  return readText("plugin_name");
}

/** Its `root_id`. */
export function rootId(): string | null {
  return readText("plugin_root_id");
}

/** The `vm_id` of its VM. */
export function vmId(): string | null {
  return readText("plugin_vm_id");
}
