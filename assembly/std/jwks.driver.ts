// What jwks.test.ts calls: one set, and keys and signatures in other forms.
import { JwksOptions, JwkSet } from "./jwks";
import { ecdsaToDer } from "./jwt/der";
import { publicKeyFromPem } from "./jwt/pem";

let set: JwkSet = JwkSet.parse("");

export function parse(text: string): i32 {
  set = JwkSet.parse(text);
  return set.keys.length;
}

export function parseWith(
  text: string,
  maxKeys: i32,
  maxSize: i32,
  minRsaBits: i32,
  rsaAlgorithm: string,
  allowSecrets: bool,
): i32 {
  const options = new JwksOptions();
  options.maxKeys = maxKeys;
  options.maxSize = maxSize;
  options.minRsaBits = minRsaBits;
  options.rsaAlgorithm = rsaAlgorithm;
  options.allowSecrets = allowSecrets;
  set = JwkSet.parse(text, options);
  return set.keys.length;
}

export function error(): string | null {
  return set.error;
}

export function algorithm(index: i32): string {
  return set.keys[index].algorithm;
}

export function id(index: i32): string | null {
  return set.keys[index].id;
}

export function bytes(index: i32): ArrayBuffer {
  return set.keys[index].bytes.buffer;
}

/** All reasons, parted by line breaks. */
export function skipped(): string {
  return set.skipped.join("\n");
}

export function signatureDer(signature: ArrayBuffer, size: i32): ArrayBuffer | null {
  const der = ecdsaToDer(Uint8Array.wrap(signature), size);
  return der ? der.buffer : null;
}

export function pemDer(pem: string): ArrayBuffer | null {
  const der = publicKeyFromPem(pem);
  return der ? der.buffer : null;
}
