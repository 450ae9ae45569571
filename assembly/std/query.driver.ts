// What query.test.ts calls: one query at a time.
import { Query } from "./query";

let query: Query = new Query();

export function load(text: string): void {
  query = new Query(text);
}

export function text(): string {
  return query.toString();
}

export function get(name: string): string | null {
  return query.get(name);
}

/** Each value followed by a NUL. */
export function getAll(name: string): string {
  const values = query.getAll(name);
  return values.length ? values.join("\0") + "\0" : "";
}

export function has(name: string): bool {
  return query.has(name);
}

/** Each name and each value followed by a NUL. */
export function parameters(): string {
  const parts: string[] = [];
  const all = query.parameters();
  for (let i = 0; i < all.length; i++) parts.push(all[i].name + "\0" + all[i].value + "\0");
  return parts.join("");
}

export function countParameters(): i32 {
  return query.parameters().length;
}

export function setTo(name: string, value: string): void {
  query.set(name, value);
}

export function add(name: string, value: string): void {
  query.add(name, value);
}

export function remove(name: string): bool {
  return query.remove(name);
}
