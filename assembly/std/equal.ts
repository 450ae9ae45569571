// Comparisons for secrets. An ordinary comparison stops at the first difference, and its time tells
// how much of a guess was right; these go through all of what was sent, whatever is in it.
//
// What is hidden: where and how much the two differ, and the length and content of the secret. The
// instructions that run, and how many, are the same for every secret and for every candidate of one
// length. What is not hidden: the length of the candidate, which its sender knows, and the number
// of secrets. Addresses within the secret depend on its length, so a cache may tell that; and no
// compiler of WebAssembly promises anything about time.
//
// A string made of bytes that are no UTF-8 holds U+FFFD in their place, and equals others that do:
// where a secret may hold U+FFFD, compare bytes.

/**
 * Whether `candidate`, which somebody sent, is the `secret`. Takes a time that depends on the length
 * of `candidate` only. Never traps.
 */
export function constantTimeEqual(secret: string, candidate: string): bool {
  return !difference<u16>(
    changetype<usize>(secret),
    secret.length,
    changetype<usize>(candidate),
    candidate.length,
  );
}

/**
 * Whether `candidate`, which somebody sent, is the `secret`, byte for byte. Takes a time that
 * depends on the length of `candidate` only. Never traps.
 */
export function constantTimeEqualBytes(secret: Uint8Array, candidate: Uint8Array): bool {
  return !difference<u8>(secret.dataStart, secret.length, candidate.dataStart, candidate.length);
}

/**
 * Whether `candidate`, which somebody sent, is one of `secrets`. Compares with each of them, so that
 * the time depends on the length of `candidate` and the number of secrets only: neither which one
 * it is shows nor whether it is one. Never traps.
 */
export function constantTimeIncludes(secrets: string[], candidate: string): bool {
  let found: u32 = 0;
  // No `||`: it would leave out the comparisons after the first success.
  for (let i = 0; i < secrets.length; i++) {
    found |= u32(constantTimeEqual(unchecked(secrets[i]), candidate));
  }
  return found != 0;
}

/**
 * 0 when the two are the same. Lengths count in units of T. Choices are made by masks: a `select`
 * may become a branch.
 */
function difference<T>(secret: usize, secretLength: u32, candidate: usize, length: u32): u32 {
  let bits = secretLength ^ length;
  // An empty secret has nothing to load: the candidate stands in, and the lengths tell.
  const compared = candidate ^ ((secret ^ candidate) & mask(secretLength != 0));
  for (let i: u32 = 0; i < length; i++) {
    // Beyond the end of the secret its first unit serves, so that the work is the same.
    const j = i & mask(i < secretLength);
    const a = <u32>load<T>(compared + <usize>j * sizeof<T>());
    const b = <u32>load<T>(candidate + <usize>i * sizeof<T>());
    bits |= a ^ b;
  }
  return bits;
}

/** All bits set, or none. */
// @ts-ignore: decorator
@inline
function mask(condition: bool): u32 {
  return -(<u32>condition);
}
