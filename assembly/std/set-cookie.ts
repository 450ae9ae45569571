// The Set-Cookie header of a response (RFC 6265, section 4.1, with what browsers ask for since).
import { formatHttpDate } from "./http-date";
import { failure, Result } from "./result";

/** When a browser sends a cookie along with requests that another site caused. */
export const enum SameSite {
  /** Not said: browsers take it for Lax. */
  Unset,
  /** Never. */
  Strict,
  /** When the user follows a link. */
  Lax,
  /** Always; the cookie must be `secure`. */
  None,
}

/** No `maxAge`, no `expires`. */
// @ts-ignore: decorator
@inline
const UNSET: i64 = i64.MIN_VALUE;

// Sets of ASCII characters: a bit for each, those below 64 in the first word.

/** What a name is made of: `token` of RFC 9110. */
// @ts-ignore: decorator
@lazy
const NAME: usize = memory.data<u64>([0x03ff6cfa00000000, 0x57ffffffc7fffffe]);

/** What a value is made of: `cookie-octet`. */
// @ts-ignore: decorator
@lazy
const VALUE: usize = memory.data<u64>([0xf7ffeffa00000000, 0x7fffffffefffffff]);

/** What a path is made of: `av-octet`. */
// @ts-ignore: decorator
@lazy
const PATH: usize = memory.data<u64>([0xf7ffffff00000000, 0x7fffffffffffffff]);

/** What a domain is made of: letters, digits, `-` and `.`. */
// @ts-ignore: decorator
@lazy
const DOMAIN: usize = memory.data<u64>([0x03ff600000000000, 0x07fffffe07fffffe]);

/**
 * A Set-Cookie header for a response.
 *
 * ```ts
 * const cookie = new SetCookie("sid", "31d4d96e407aad42");
 * cookie.path = "/";
 * cookie.maxAge = 3600;
 * cookie.secure = true;
 * cookie.httpOnly = true;
 * cookie.sameSite = SameSite.Lax;
 * const header = cookie.build();
 * if (header.error == null) response.headers.add("set-cookie", header.value);
 * ```
 */
export class SetCookie {
  /** The path that the cookie is for, with all below it; `""` leaves it to the browser. */
  path: string = "";
  /** The domain that the cookie is for, with all below it; `""` is this host alone. */
  domain: string = "";
  /** Seconds that the cookie lives; 0 or less deletes it. By default as long as the browser. */
  maxAge: i64 = UNSET;
  /** When the cookie ends, in seconds since 1970; `maxAge` goes before it. */
  expires: i64 = UNSET;
  /** Only over HTTPS. */
  secure: bool = false;
  /** Out of reach for scripts. */
  httpOnly: bool = false;
  /** Apart for each site that embeds this one; the cookie must be `secure`. */
  partitioned: bool = false;
  /** When the cookie goes along with requests that another site caused. */
  sameSite: SameSite = SameSite.Unset;

  constructor(
    /** The name: letters, digits and ``!#$%&'*+-.^_`|~``. */
    public name: string,
    /**
     * The value: ASCII without controls, space, `"`, `,`, `;` and `\`, with or without double quotes
     * around it. `percentEncode` or `base64UrlEncode` make one of anything.
     */
    public value: string,
  ) {}

  /**
   * The value of the header. An error when a field holds what it must not, as CR, LF or `;`, which
   * could add attributes or headers, or when browsers would drop the cookie: longer than `maxSize`
   * in name and value, without what `SameSite=None`, `Partitioned` or a prefix `__Secure-` or
   * `__Host-` demand. The offset is one in the field that the error names. Never traps.
   */
  build(maxSize: i32 = 4096): Result<string> {
    const name = this.name;
    const value = this.value;
    const path = this.path;
    const domain = this.domain;
    if (!name.length) return failure<string>("set-cookie: name is empty", 0);
    let bad = firstOutside(name, 0, name.length, NAME);
    if (bad >= 0) return invalid("name", bad);
    const quotes =
      value.length > 1 && unitAt(value, 0) == 0x22 && unitAt(value, value.length - 1) == 0x22
        ? 1
        : 0;
    bad = firstOutside(value, quotes, value.length - quotes, VALUE);
    if (bad >= 0) return invalid("value", bad);
    if (<i64>name.length + value.length > maxSize) {
      return failure<string>("set-cookie: name and value are too long", 0);
    }
    bad = path.length && unitAt(path, 0) != 0x2f ? 0 : firstOutside(path, 0, path.length, PATH);
    if (bad >= 0) return invalid("path", bad);
    bad = firstOutside(domain, 0, domain.length, DOMAIN);
    if (bad >= 0) return invalid("domain", bad);

    const host = hasPrefix(name, "__host-");
    if (host && (domain.length || path != "/")) {
      return failure<string>("set-cookie: __Host- wants path / and no domain", 0);
    }
    if (!this.secure) {
      if (host || hasPrefix(name, "__secure-")) {
        return failure<string>("set-cookie: __Host- and __Secure- want secure", 0);
      }
      if (this.sameSite == SameSite.None || this.partitioned) {
        return failure<string>("set-cookie: SameSite=None and Partitioned want secure", 0);
      }
    }

    let header = name + "=" + value;
    if (this.expires != UNSET) {
      const date = formatHttpDate(this.expires);
      if (date === null) return failure<string>("set-cookie: expires beyond the year 9999", 0);
      header += "; Expires=" + date;
    }
    if (this.maxAge != UNSET) header += "; Max-Age=" + this.maxAge.toString();
    if (domain.length) header += "; Domain=" + domain;
    if (path.length) header += "; Path=" + path;
    if (this.secure) header += "; Secure";
    if (this.httpOnly) header += "; HttpOnly";
    if (this.sameSite == SameSite.Strict) header += "; SameSite=Strict";
    else if (this.sameSite == SameSite.Lax) header += "; SameSite=Lax";
    else if (this.sameSite == SameSite.None) header += "; SameSite=None";
    if (this.partitioned) header += "; Partitioned";
    return new Result<string>(header);
  }
}

// @ts-ignore: decorator
@inline
function unitAt(text: string, index: i32): u32 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

/** Where the first character is that is not in a set; -1 when all are. */
function firstOutside(text: string, start: i32, end: i32, set: usize): i32 {
  for (let i = start; i < end; i++) {
    const unit = unitAt(text, i);
    if (unit > 127 || !((load<u64>(set + ((unit >> 6) << 3)) >> (unit & 63)) & 1)) return i;
  }
  return -1;
}

/** Whether a text begins with a prefix, whose letters are in lower case, in whichever case. */
function hasPrefix(text: string, prefix: string): bool {
  if (text.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) {
    const unit = unitAt(text, i);
    const lower = unit - 0x41 < 26 ? unit | 0x20 : unit;
    if (lower != unitAt(prefix, i)) return false;
  }
  return true;
}

function invalid(field: string, offset: i32): Result<string> {
  return failure<string>("set-cookie: " + field + ": character is not allowed", offset);
}
