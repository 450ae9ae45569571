/**
 * Called by the host, in the middle of a host call, to place a result in guest memory; the SDK
 * frees it. Never answers 0 (some of Envoy's foreign functions would crash), never collects.
 */
export function malloc(size: usize): usize {
  return heap.alloc(size);
}

/** Marks the module as one for ABI 0.2.1. Looked for by name, never called. */
export function proxy_abi_version_0_2_1(): void {}
