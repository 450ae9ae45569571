import { hexEncode } from "../std/hex";
import { randomBytes } from "./random";

/**
 * A random UUID (version 4, RFC 9562): `1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b`. One host call, from
 * any callback; `null` when the host does not allow it.
 */
export function randomUuid(): string | null {
  const bytes = randomBytes(16);
  if (!bytes) return null;
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = hexEncode(bytes);
  return (
    digits.substring(0, 8) +
    "-" +
    digits.substring(8, 12) +
    "-" +
    digits.substring(12, 16) +
    "-" +
    digits.substring(16, 20) +
    "-" +
    digits.substring(20)
  );
}
