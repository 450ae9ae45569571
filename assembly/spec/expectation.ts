import { failed, trap } from "./runner";
import { setGuarded } from "./suite";
import { areEqual, areSame, show } from "./values";

/** `expect(slug("A B")).toBe("a-b")`: says what must hold of a value, else the test ends there. */
export function expect<T>(actual: T): Expectation<T> {
  return new Expectation<T>(actual, false);
}

/**
 * The test ends unless `body` traps, with a message that contains `message`; an empty one fits all. What
 * `body` has changed stays so.
 */
export function expectTrap(body: () => void, message: string = ""): void {
  setGuarded(body);
  const actual = trap();
  if (actual === null) failed("expectTrap", "no trap", "a trap");
  else if (!actual.includes(message))
    failed("expectTrap", show<string>(actual), show<string>(message));
}

/** A value of which something must hold. */
@final
export class Expectation<T> {
  constructor(
    private readonly actual: T,
    private readonly negated: bool,
  ) {}

  /** `expect(a).not.toBe(b)`: the opposite must hold. */
  get not(): Expectation<T> {
    return new Expectation<T>(this.actual, !this.negated);
  }

  /** Numbers, booleans and texts by value (`NaN` is `NaN`), objects and lists by identity. */
  toBe(expected: T): void {
    this.check(areSame<T>(this.actual, expected), "toBe", show<T>(expected));
  }

  /** As `toBe`, and lists, typed arrays among them, by their elements. */
  toEqual(expected: T): void {
    this.check(areEqual<T>(this.actual, expected), "toEqual", show<T>(expected));
  }

  /** Only for references. */
  toBeNull(): void {
    this.check(changetype<usize>(this.actual) == 0, "toBeNull", "null");
  }

  /** Numbers only. */
  toBeGreaterThan(expected: T): void {
    this.check(this.actual > expected, "toBeGreaterThan", "above " + show<T>(expected));
  }

  /** Numbers only. */
  toBeLessThan(expected: T): void {
    this.check(this.actual < expected, "toBeLessThan", "below " + show<T>(expected));
  }

  /** Floating-point numbers only: no further away than `tolerance`. */
  toBeCloseTo(expected: T, tolerance: f64 = 1e-9): void {
    const distance = Math.abs(<f64>this.actual - <f64>expected);
    const text = show<T>(expected) + " within " + tolerance.toString();
    this.check(distance <= tolerance, "toBeCloseTo", text);
  }

  /** Texts only: `part` stands somewhere in it. */
  toContain(part: string): void {
    const actual = this.actual;
    let contains = false;
    if (isString<T>()) contains = changetype<string>(actual).includes(part);
    else ERROR("toContain is for strings");
    this.check(contains, "toContain", "a text with " + show<string>(part));
  }

  /** Lists only: of so many elements; texts: of so many UTF-16 units. */
  toHaveLength(expected: i32): void {
    // @ts-ignore: lists and texts have a length
    this.check(
      this.actual.length == expected,
      "toHaveLength",
      "a length of " + expected.toString(),
    );
  }

  private check(holds: bool, matcher: string, expected: string): void {
    if (holds != this.negated) return;
    failed((this.negated ? "not." : "") + matcher, show<T>(this.actual), expected);
  }
}
