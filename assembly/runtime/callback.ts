import { collectIfDue } from "./collector";

/** How deep callbacks are nested: Envoy calls back into the module during host calls. */
// @ts-ignore: decorator
@lazy
let depth: u32 = 0;

/** Counts outermost callbacks; what is cached for one callback is valid while this is the same. */
// @ts-ignore: decorator
@lazy
export let callbackSerial: u32 = 0;

/** True while the host is calling: outside, only logging is legal. */
// @ts-ignore: decorator
@inline
export function inCallback(): bool {
  return depth != 0;
}

/** First thing in every exported callback. */
// @ts-ignore: decorator
@inline
export function enter(): void {
  if (depth++ == 0) callbackSerial++;
}

/** Last thing in every exported callback. No reference may be used after it. */
// @ts-ignore: decorator
@inline
export function leave(): void {
  if (--depth == 0) collectIfDue();
}
