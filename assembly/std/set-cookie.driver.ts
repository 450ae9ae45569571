// What set-cookie.test.ts calls: one cookie at a time.
import { lastError, lastOffset, valueOf } from "./result.driver";
import { SameSite, SetCookie } from "./set-cookie";

export { lastError, lastOffset };

let cookie: SetCookie = new SetCookie("", "");

export function create(name: string, value: string): void {
  cookie = new SetCookie(name, value);
}

export function setPath(path: string): void {
  cookie.path = path;
}

export function setDomain(domain: string): void {
  cookie.domain = domain;
}

export function setMaxAge(seconds: i64): void {
  cookie.maxAge = seconds;
}

export function setExpires(seconds: i64): void {
  cookie.expires = seconds;
}

export function setFlags(secure: bool, httpOnly: bool, partitioned: bool): void {
  cookie.secure = secure;
  cookie.httpOnly = httpOnly;
  cookie.partitioned = partitioned;
}

export function setSameSite(sameSite: SameSite): void {
  cookie.sameSite = sameSite;
}

export function build(): string {
  return valueOf(cookie.build());
}

export function buildWithin(maxSize: i32): string {
  return valueOf(cookie.build(maxSize));
}
