// What cookies.test.ts calls: one header at a time.
import { Cookies } from "./cookies";

let cookies: Cookies = new Cookies("");

export function load(header: string): void {
  cookies = new Cookies(header);
}

export function text(): string {
  return cookies.toString();
}

export function get(name: string): string | null {
  return cookies.get(name);
}

/** Each value followed by a NUL. */
export function getAll(name: string): string {
  const values = cookies.getAll(name);
  return values.length ? values.join("\0") + "\0" : "";
}

export function has(name: string): bool {
  return cookies.has(name);
}

/** Each name and each value followed by a NUL. */
export function all(): string {
  const parts: string[] = [];
  const list = cookies.all();
  for (let i = 0; i < list.length; i++) parts.push(list[i].name + "\0" + list[i].value + "\0");
  return parts.join("");
}

export function count(): i32 {
  return cookies.all().length;
}

export function remove(name: string): bool {
  return cookies.remove(name);
}
