/**
 * Whether a part of a request line is there and is one word: HTTP/1.1 has blanks between the parts,
 * so one inside would make other parts of it.
 */
export function isTarget(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit <= 0x20 || unit == 0x7f) return false;
  }
  return text.length != 0;
}
