// What the filter logs, newest at the end.
import { LOG_LEVELS } from "../../envoy/log-level.ts";
import type { LogEntry } from "../events.ts";
import { byId, drawer, make } from "./dom.ts";
import { formatClock, formatPlace } from "./text.ts";

const KEPT = 500;

export class LogsView {
  readonly #list = byId("logs", HTMLOListElement);
  readonly #empty = byId("logs-empty", HTMLParagraphElement);
  readonly #level = byId("level", HTMLSelectElement);
  readonly #entries: LogEntry[] = [];
  readonly #draw = drawer(() => {
    this.#drawNow();
  });

  constructor() {
    this.#level.addEventListener("change", this.#draw);
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    this.#draw();
  }

  clear(): void {
    this.#entries.length = 0;
    this.#draw();
  }

  #drawNow(): void {
    const list = this.#list;
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
    const least = LOG_LEVELS.findIndex((level) => level === this.#level.value);
    const shown = this.#entries.filter(({ level }) => LOG_LEVELS.indexOf(level) >= least);
    list.replaceChildren(...shown.map(rowOf));
    list.hidden = shown.length === 0;
    this.#empty.hidden = shown.length > 0;
    // Who has scrolled back reads; who has not wants the newest.
    if (atEnd) list.scrollTop = list.scrollHeight;
  }
}

function rowOf({ at, level, text, place }: LogEntry): HTMLElement {
  return make("li", [
    make("time.quiet", formatClock(at)),
    make(`span.level.${level}`, level),
    make("span.text", text),
    make("span.place.quiet", place === null ? "" : formatPlace(place)),
  ]);
}
