// What equal.test.ts calls.
import { constantTimeEqual, constantTimeEqualBytes, constantTimeIncludes } from "./equal";

export function equal(secret: string, candidate: string): bool {
  return constantTimeEqual(secret, candidate);
}

export function equalBytes(secret: ArrayBuffer, candidate: ArrayBuffer): bool {
  return constantTimeEqualBytes(Uint8Array.wrap(secret), Uint8Array.wrap(candidate));
}

let secrets: string[] = [];

/** Sets what `includes` looks among: texts parted by line breaks. */
export function setSecrets(texts: string): void {
  secrets = texts.split("\n");
}

export function includes(candidate: string): bool {
  return constantTimeIncludes(secrets, candidate);
}
