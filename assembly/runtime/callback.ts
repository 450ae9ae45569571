import { collectIfDue } from "./collector";

/** How deep callbacks are nested: Envoy calls back into the module during host calls. */
// @ts-ignore: decorator
@lazy
let depth: u32 = 0;

/** Counts outermost callbacks; what is cached for one callback is valid while this is the same. */
// @ts-ignore: decorator
@lazy
export let callbackSerial: u32 = 0;

/** The context that the host is calling for; what is made in a callback belongs to it. */
// @ts-ignore: decorator
@lazy
export let currentContext: u32 = 0;

/** True while the host is calling: outside, only logging is legal. */
// @ts-ignore: decorator
@inline
export function inCallback(): bool {
  return depth != 0;
}

/** First thing in every exported callback; its result is handed to `leave`. */
// @ts-ignore: decorator
@inline
export function enter(context: u32): u32 {
  if (depth++ == 0) callbackSerial++;
  const outer = currentContext;
  currentContext = context;
  return outer;
}

/** Last thing in every exported callback. No reference may be used after it. */
// @ts-ignore: decorator
@inline
export function leave(outer: u32): void {
  currentContext = outer;
  if (--depth == 0) collectIfDue();
}

/** Says for whom the rest of this callback is, where the host calls for one context about another. */
// @ts-ignore: decorator
@inline
export function actAs(context: u32): void {
  currentContext = context;
}
