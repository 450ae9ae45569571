// What the runner gives to a spec, beside the host calls of a filter.

/** Ends the test: `matcher` of `expect(...)` does not hold. Does not return. */
// @ts-ignore: decorator
@external("spec", "failed")
export declare function failed(matcher: string, actual: string, expected: string): void;

/**
 * Calls `__specGuarded`: the message of its trap, or `null` when it returned. Bounds checks and `throw`
 * have a message of their own, other traps have V8's.
 */
// @ts-ignore: decorator
@external("spec", "trap")
export declare function trap(): string | null;
