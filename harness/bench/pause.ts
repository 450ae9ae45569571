const cell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Blocks the thread for a fraction of a millisecond, which Node's timers cannot: they count whole
 * milliseconds, and return to the event loop in between.
 */
export function pause(milliseconds: number): void {
  Atomics.wait(cell, 0, 0, milliseconds);
}
