// Text <-> bytes for authors, by the same strict rules as everywhere in the SDK (runtime/text).
import { copyBytes } from "../runtime/bytes";
import { decodeUtf8, encodeUtf8, maxUtf8Size } from "../runtime/text";
import { release, reserve } from "../runtime/memory";

/** The UTF-8 bytes of `text`; a lone surrogate becomes U+FFFD. Never traps. */
export function utf8Encode(text: string): Uint8Array {
  const data = reserve(maxUtf8Size(text.length));
  const bytes = copyBytes(data, encodeUtf8(text, data));
  release(data);
  return bytes;
}

/** The text that UTF-8 bytes stand for; each ill-formed part becomes one U+FFFD. Never traps. */
export function utf8Decode(bytes: Uint8Array): string {
  return decodeUtf8(bytes.dataStart, bytes.length);
}
