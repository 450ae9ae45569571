// When garbage is collected: at the exit of the outermost callback, and nowhere else. There no
// reference lives on the wasm stack, so a collection is exact and needs no shadow stack
// (`--runtime minimal`). Envoy calls back into the module during host calls, so callbacks nest.

/** Bytes allocated beyond what was live, at least, before a collection pays. */
// @ts-ignore: decorator
@inline
const MIN_GROWTH: usize = 64 * 1024;

/** Exits between two collections where the runtime does not tell its byte count. */
// @ts-ignore: decorator
@inline
const EXITS_BETWEEN_COLLECTIONS: u32 = 256;

/** Bytes in use at which the next collection runs; or exits, where bytes are not known. */
// @ts-ignore: decorator
@lazy
let threshold: usize = MIN_GROWTH;

// @ts-ignore: decorator
@lazy
let exits: u32 = 0;

/** Collects if enough was allocated since the last time. Only where no reference is on the stack. */
// @ts-ignore: decorator
@inline
export function collectIfDue(): void {
  // `build --stress` (tests): after every callback, so that a lost reference shows at once.
  if (isDefined(AS_PROXY_WASM_COLLECT_ALWAYS)) {
    __collect();
    return;
  }
  // `build` adds this accessor to the runtime, which hides its count; plain asc has no such thing.
  if (isDefined(__as_proxy_wasm_managed_bytes)) {
    if (__as_proxy_wasm_managed_bytes() >= threshold) collectByBytes();
    return;
  }
  if (++exits >= EXITS_BETWEEN_COLLECTIONS) {
    exits = 0;
    __collect();
  }
}

// The threshold follows the live heap, so that the cost of a collection stays a fixed share of the
// cost of what was allocated.
function collectByBytes(): void {
  __collect();
  const live = __as_proxy_wasm_managed_bytes();
  threshold = live + max(live, MIN_GROWTH);
}
