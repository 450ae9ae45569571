// What the taps report (see taps.ts), put together to exchanges.
import type { EnvoyLine } from "../envoy/lines.ts";
import type { Direction, Exchange, Header } from "./events.ts";
import { TAP_PREFIX } from "./taps.ts";

/** How many exchanges may be under way; of older ones nothing more is told. */
const MOST_OPEN = 500;

const NOTHING: Direction = {
  before: null,
  after: null,
  bodyBefore: null,
  bodyAfter: null,
  micros: null,
};

/** Exchanges that are under way. */
export class Exchanges {
  readonly #open = new Map<string, Exchange>();

  /** Takes a line of Envoy's; answers what is now known of an exchange, or null for another line. */
  read(line: EnvoyLine): Exchange | null {
    if (line.component !== "lua" || !line.text.startsWith(TAP_PREFIX)) return null;
    const [id = "", step = "", ...values] = line.text.slice(TAP_PREFIX.length).split(" ");
    const known = step === "q0" ? begun(id, values) : this.#open.get(id);
    if (known === undefined) return null;
    const next = advance(known, step, values);
    this.#open.delete(id);
    if (!next.complete) this.#open.set(id, next);
    if (this.#open.size > MOST_OPEN) {
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) this.#open.delete(oldest);
    }
    return next;
  }
}

function begun(id: string, [started = "0"]: readonly string[]): Exchange {
  const at = Number(started) / 1000;
  return { id, at, request: NOTHING, response: NOTHING, milliseconds: null, complete: false };
}

function advance(exchange: Exchange, step: string, values: readonly string[]): Exchange {
  const [first = "", ...rest] = values;
  const { request, response } = exchange;
  switch (step) {
    case "q0":
      return { ...exchange, request: { ...request, before: headersOf(rest) } };
    case "q1":
      return {
        ...exchange,
        request: { ...request, micros: micros(first), after: headersOf(rest) },
      };
    case "p1":
      return { ...exchange, response: { ...response, before: headersOf(rest) } };
    case "p0": {
      const [whole = "", ...headers] = rest;
      return {
        ...exchange,
        milliseconds: Number(whole.slice(1)) / 1000,
        response: { ...response, micros: micros(first), after: headersOf(headers) },
      };
    }
    case "bq0":
      return { ...exchange, request: { ...request, bodyBefore: Number(first) } };
    case "bq1":
      return { ...exchange, request: { ...request, bodyAfter: Number(first) } };
    case "bp1":
      return { ...exchange, response: { ...response, bodyBefore: Number(first) } };
    case "bp0":
      return { ...exchange, complete: true, response: { ...response, bodyAfter: Number(first) } };
    default:
      return exchange;
  }
}

/** The cost of the taps is taken off by what it was a moment before: less than nothing is nothing. */
function micros(text: string): number | null {
  return text === "-" ? null : Math.max(0, Number(text));
}

function headersOf(values: readonly string[]): readonly Header[] {
  return values
    .filter((value) => value !== "")
    .map((value) => {
      const [name = "", text = ""] = value.split("=");
      return [decode(name), decode(text)];
    });
}

/** Undoes the percent-coding. Bytes that are no UTF-8 become latin1 characters. */
function decode(coded: string): string {
  const bytes = Buffer.from(
    coded.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    "latin1",
  );
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes.toString("latin1") : text;
}
