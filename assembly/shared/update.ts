/**
 * What `sharedData.update` makes of a value:
 *
 * ```ts
 * class CountUp extends SharedTextUpdate {
 *   override update(current: string | null): string | null {
 *     return (current === null ? 1 : I64.parseInt(current) + 1).toString();
 *   }
 * }
 * sharedData.update("hits", new CountUp());
 * ```
 */
export abstract class SharedTextUpdate {
  /**
   * The new value for `current`, which is `null` for a key that was never set; `null` leaves all as
   * it is. May be called more than once: it should do nothing else.
   */
  abstract update(current: string | null): string | null;
}

/** As `SharedTextUpdate`, for `sharedData.updateBytes`. */
export abstract class SharedBytesUpdate {
  /** As `SharedTextUpdate.update`. */
  abstract update(current: Uint8Array | null): Uint8Array | null;
}
