// Memory that is not garbage collected: what host calls read from and write to.

/** Bytes of scratch space that arguments are encoded into. */
// @ts-ignore: decorator
@inline
const SCRATCH_SIZE: usize = 4096;

// Static, so that an ordinary host call allocates nothing.
// @ts-ignore: decorator
@lazy
const SCRATCH: usize = memory.data(4096, 8);

// Out-parameters of host calls: a pointer and a size. Static; only valid until the next host call.
// @ts-ignore: decorator
@lazy
const OUT: usize = memory.data(8, 8);

/** Where a host call stores its first result, of up to eight bytes; cleared by `clearOut`. */
// @ts-ignore: decorator
@inline
export function outData(): usize {
  return OUT;
}

/** Where a host call stores the size of what `outData` points to. */
// @ts-ignore: decorator
@inline
export function outSize(): usize {
  return OUT + 4;
}

/** Clears the out-parameters, so that what an earlier call left is never read. */
// @ts-ignore: decorator
@inline
export function clearOut(): void {
  store<u64>(OUT, 0);
}

/** The bytes that the last host call handed over. Owned by the SDK until `release`. */
// @ts-ignore: decorator
@inline
export function resultData(): usize {
  return load<usize>(OUT);
}

/** The number of bytes at `resultData`. */
// @ts-ignore: decorator
@inline
export function resultSize(): usize {
  return load<u32>(OUT, 4);
}

/**
 * Space for the arguments of one host call: the scratch space where they fit, else the heap. Hold
 * it only across one call, and hand it back to `release`.
 */
export function reserve(size: usize): usize {
  return size <= SCRATCH_SIZE ? SCRATCH : heap.alloc(size);
}

/** Frees what `reserve` gave or the host allocated; nothing happens for 0. */
export function release(data: usize): void {
  if (data != 0 && data != SCRATCH) heap.free(data);
}
