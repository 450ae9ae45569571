// Envoy's Wasm extension does not check header names and values: in a response, CR LF in a value
// becomes a second header on the wire; in a request, the router answers the client 503. So the SDK
// refuses CR, LF and NUL (RFC 9110, section 5.5) before they reach the host.

/** Whether none of the `size` bytes at `data` is CR, LF or NUL. */
export function isFieldSafe(data: usize, size: usize): bool {
  const end = data + size;
  while (data < end) {
    const byte = load<u8>(data++);
    if (byte <= 0x0d && (byte == 0 || byte == 0x0a || byte == 0x0d)) return false;
  }
  return true;
}

/** Whether a header may be called by the `size` bytes at `data`: as above, and not empty. */
// @ts-ignore: decorator
@inline
export function isFieldName(data: usize, size: usize): bool {
  return size != 0 && isFieldSafe(data, size);
}
