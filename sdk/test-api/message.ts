import type { Header } from "../host/http/header-map.ts";
import type { Message } from "./api.ts";

/** What a message consists of. */
type Parts = Pick<Message, "headers" | "trailers" | "body" | "bodyBytes">;

function valuesIn(headers: readonly Header[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([one]) => one.toLowerCase() === wanted).map(([, value]) => value);
}

/** Adds the ways to look into a message to its parts. */
export function message<P extends Parts>(parts: P): P & Message {
  return Object.assign(parts, {
    header: (name: string) => valuesIn(parts.headers, name)[0] ?? null,
    values: (name: string) => valuesIn(parts.headers, name),
    trailer: (name: string) => valuesIn(parts.trailers, name)[0] ?? null,
  });
}
