/**
 * How large a pattern may be. What it costs to match a text is in proportion to the text times the
 * program that the pattern becomes, so the limit of that is what bounds the time.
 */
export class RegexLimits {
  /** Characters of the pattern. */
  pattern: i32 = 1024;
  /** Instructions, plus four bytes each of its character sets. `a{50}` takes 50. */
  program: i32 = 2000;
  /** The largest number in `{m,n}`. */
  repetition: i32 = 1000;
  /** Groups that capture. */
  groups: i32 = 32;
  /** Groups within groups; at most 1000. */
  depth: i32 = 50;
}
