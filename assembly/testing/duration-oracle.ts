// Durations by the exact arithmetic of BigInt.

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** The nanoseconds of a duration, or in a word why it is none. */
export function parseWithBigInt(text: string): bigint | "malformed" | "too fine" | "too long" {
  if (/^-?0$/.test(text)) return 0n;
  if (!/^-?(\d+(\.\d+)?(ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return "malformed";
  const sign = text.startsWith("-") ? -1n : 1n;
  let sum = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of text.matchAll(
    /(\d+)(?:\.(\d+))?(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const product = BigInt(whole + fraction) * (UNITS[unit] ?? 0n);
    const power = 10n ** BigInt(fraction.length);
    if (product / power > 2n ** 63n) return "too long";
    if (product % power !== 0n) return "too fine";
    sum += sign * (product / power);
    if (BigInt.asIntN(64, sum) !== sum) return "too long";
  }
  return sum;
}
