import { latin1 } from "../bytes.ts";
import {
  INLINE_REQUEST_HEADERS,
  INLINE_REQUEST_TRAILERS,
  INLINE_RESPONSE_HEADERS,
  INLINE_RESPONSE_TRAILERS,
} from "./inline-headers.ts";

/** A header's name and value, one character a byte. */
export type Header = readonly [name: string, value: string];

/** Headers as a test gives them: pairs in the order of the wire, or an object. */
export type HeadersInit =
  | readonly (readonly [name: string, value: string | Uint8Array])[]
  | Readonly<Record<string, string | Uint8Array>>;

/** The headers of a test as pairs; text is taken as latin1. */
export function pairsOf(headers: HeadersInit): Header[] {
  const entries: readonly (readonly [string, string | Uint8Array])[] = Array.isArray(headers)
    ? (headers as readonly (readonly [string, string | Uint8Array])[])
    : Object.entries(headers);
  return entries.map(([name, value]) => [name, typeof value === "string" ? value : latin1(value)]);
}

/** Lower case as Envoy has it: ASCII letters only. */
export function lowerCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Which map it is decides which of its headers are kept in one place. */
export type MapKind =
  "request headers" | "request trailers" | "response headers" | "response trailers";

const INLINE: Readonly<Record<MapKind, ReadonlySet<string>>> = {
  "request headers": INLINE_REQUEST_HEADERS,
  "request trailers": INLINE_REQUEST_TRAILERS,
  "response headers": INLINE_RESPONSE_HEADERS,
  "response trailers": INLINE_RESPONSE_TRAILERS,
};

/** Headers in order, with Envoy's rules for those that come twice; pseudo-headers stand first. */
export class HeaderMap {
  readonly #inline: ReadonlySet<string>;
  #entries: Header[] = [];

  constructor(kind: MapKind, headers: readonly Header[] = []) {
    this.#inline = INLINE[kind];
    for (const [name, value] of headers) this.add(name, value);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The bytes of all names and values. */
  get byteSize(): number {
    return this.#entries.reduce((total, [name, value]) => total + name.length + value.length, 0);
  }

  entries(): readonly Header[] {
    return [...this.#entries];
  }

  /** The first value, or null. */
  get(name: string): string | null {
    const wanted = lowerCase(name);
    return this.#entries.find(([one]) => one === wanted)?.[1] ?? null;
  }

  /** All values, in order. */
  getAll(name: string): readonly string[] {
    const wanted = lowerCase(name);
    return this.#entries.filter(([one]) => one === wanted).map(([, value]) => value);
  }

  add(name: string, value: string): void {
    const key = lowerCase(name);
    const at = this.#inline.has(key) ? this.#entries.findIndex(([one]) => one === key) : -1;
    const present = this.#entries[at];
    if (present !== undefined) {
      const joined = [present[1], value].filter((each) => each !== "").join(",");
      this.#entries[at] = [key, joined];
      return;
    }
    if (key.startsWith(":")) {
      const behind = this.#entries.findIndex(([one]) => !one.startsWith(":"));
      this.#entries.splice(behind < 0 ? this.#entries.length : behind, 0, [key, value]);
    } else {
      this.#entries.push([key, value]);
    }
  }

  /** Puts one value in the place of all there are. */
  set(name: string, value: string): void {
    this.remove(name);
    this.add(name, value);
  }

  remove(name: string): void {
    const key = lowerCase(name);
    this.#entries = this.#entries.filter(([one]) => one !== key);
  }

  clear(): void {
    this.#entries = [];
  }
}
