// For `build`, which runs a module's top-level code before it prunes: what was registered. Never
// part of a finished module.
import { firstRegistration } from "./registry";

/**
 * One line for each registration in the order of the source: `shared` or `own` (whether all streams
 * share one filter), a blank, and the name.
 */
export function __as_proxy_wasm_registrations(): string {
  let lines = "";
  let registration = firstRegistration;
  while (registration !== null) {
    lines += (registration.createShared !== null ? "shared " : "own ") + registration.name + "\n";
    registration = registration.next;
  }
  return lines;
}
