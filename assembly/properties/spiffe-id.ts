// SPIFFE IDs (the SPIFFE-ID standard, section 2): spiffe://trust-domain/path.

/** Longer ones are refused: the standard asks implementations to take 2048 bytes. */
// @ts-ignore: decorator
@inline
const MAX_LENGTH = 2048;

// @ts-ignore: decorator
@inline
const SCHEME_LENGTH = 9; // spiffe://

/** The name of a workload, as its certificate carries it. */
@final
export class SpiffeId {
  private constructor(
    /** In lower case: `example.org`. */
    readonly trustDomain: string,
    /** With its `/` in front: `/ns/default/sa/web`; `""` for the trust domain itself. */
    readonly path: string,
  ) {}

  /**
   * Reads a SPIFFE ID; `null` for what is none by the letter of the standard: another scheme, upper
   * case in the trust domain, a port, a query, escapes, empty segments, `.` or `..`. Never traps.
   */
  static parse(uri: string): SpiffeId | null {
    if (uri.length > MAX_LENGTH || !uri.startsWith("spiffe://")) return null;
    const slash = uri.indexOf("/", SCHEME_LENGTH);
    const end = slash < 0 ? uri.length : slash;
    if (end == SCHEME_LENGTH || end - SCHEME_LENGTH > 255) return null;
    for (let i = SCHEME_LENGTH; i < end; i++) {
      if (!isTrustDomainUnit(uri.charCodeAt(i))) return null;
    }
    if (!isPath(uri, end)) return null;
    return new SpiffeId(uri.substring(SCHEME_LENGTH, end), uri.substring(end));
  }

  /** As it is written: `spiffe://example.org/ns/default/sa/web`. */
  toString(): string {
    return "spiffe://" + this.trustDomain + this.path;
  }
}

/** Whether what stands from `start` is empty, or segments each with a `/` in front. */
function isPath(uri: string, start: i32): bool {
  let at = start;
  while (at < uri.length) {
    const from = ++at; // after the slash
    let dots = 0;
    while (at < uri.length && uri.charCodeAt(at) != 0x2f) {
      const unit = uri.charCodeAt(at++);
      if (unit == 0x2e) dots++;
      else if (!isTrustDomainUnit(unit) && (unit < 0x41 || unit > 0x5a)) return false;
    }
    const length = at - from;
    if (length == 0 || (length == dots && dots <= 2)) return false;
  }
  return true;
}

/** Lower case letters, digits, `.`, `-` and `_`. */
function isTrustDomainUnit(unit: i32): bool {
  if (unit >= 0x61) return unit <= 0x7a;
  if (unit >= 0x30 && unit <= 0x39) return true;
  return unit == 0x2d || unit == 0x2e || unit == 0x5f;
}
