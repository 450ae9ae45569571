// The list of requests, newest first: a listbox that arrow keys go through.
import type { Exchange } from "../events.ts";
import { byId, drawer, make, spoken } from "./dom.ts";
import { describeChanges, methodOf, microsOf, pathOf, statusOf } from "./exchange.ts";
import { Spark } from "./spark.ts";
import { formatClock, formatMicros } from "./text.ts";

const KEPT = 200;

export class RequestsView {
  readonly #list = byId("requests", HTMLUListElement);
  readonly #empty = byId("requests-empty", HTMLParagraphElement);
  readonly #find = byId("find", HTMLInputElement);
  readonly #pause = byId("pause", HTMLButtonElement);
  readonly #spark = new Spark();
  readonly #choose: (exchange: Exchange | null) => void;
  readonly #draw = drawer(() => {
    this.#drawNow();
  });
  /** Oldest first. */
  readonly #exchanges = new Map<string, Exchange>();
  /** What came while the list stood still. */
  readonly #held: Exchange[] = [];
  #chosen: string | null = null;
  /** Whether the newest is chosen as it comes, until somebody chooses another. */
  #follow = true;

  constructor(choose: (exchange: Exchange | null) => void) {
    this.#choose = choose;
    this.#list.addEventListener("keydown", (event) => {
      this.#onKey(event);
    });
    this.#list.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("li") : null;
      if (row !== null) this.#select(row.dataset["id"] ?? "");
    });
    this.#find.addEventListener("input", this.#draw);
    this.#pause.addEventListener("click", () => {
      this.togglePause();
    });
    byId("clear", HTMLButtonElement).addEventListener("click", () => {
      this.clear();
    });
  }

  /** The exchanges that are shown or could be, oldest first. */
  get all(): readonly Exchange[] {
    return [...this.#exchanges.values()];
  }

  /** Shows an exchange, or what more is known of it. */
  add(exchange: Exchange): void {
    if (this.#isPaused && !this.#exchanges.has(exchange.id)) {
      this.#held.push(exchange);
      if (this.#held.length > 4 * KEPT) this.#held.shift();
      return;
    }
    const isNew = !this.#exchanges.has(exchange.id);
    this.#exchanges.set(exchange.id, exchange);
    if (this.#exchanges.size > KEPT) {
      const [oldest] = this.#exchanges.keys();
      if (oldest !== undefined) this.#exchanges.delete(oldest);
    }
    if (isNew && this.#follow) this.#chosen = exchange.id;
    this.#draw();
  }

  /** Forgets all. */
  clear(): void {
    this.#exchanges.clear();
    this.#held.length = 0;
    this.#chosen = null;
    this.#follow = true;
    this.#draw();
  }

  /** Lets the list stand still, or go on with what came meanwhile. */
  togglePause(): void {
    const paused = !this.#isPaused;
    this.#pause.setAttribute("aria-pressed", String(paused));
    this.#pause.textContent = paused ? "Go on" : "Pause";
    if (!paused) for (const exchange of this.#held.splice(0)) this.add(exchange);
  }

  /** Chooses the newest, and again the newest when the next comes. */
  followNewest(): void {
    const [newest] = this.#shown();
    this.#follow = true;
    this.#chosen = newest?.id ?? null;
    this.#drawNow();
    this.#list.scrollTop = 0;
  }

  /** Puts the cursor where one types what to find. */
  focusFind(): void {
    this.#find.focus();
  }

  get #isPaused(): boolean {
    return this.#pause.getAttribute("aria-pressed") === "true";
  }

  #select(id: string): void {
    const [newest] = this.#shown();
    this.#follow = newest?.id === id;
    this.#chosen = id;
    this.#drawNow();
    this.#list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #onKey(event: KeyboardEvent): void {
    const shown = this.#shown();
    const at = shown.findIndex(({ id }) => id === this.#chosen);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: Math.max(0, at - 1),
      PageDown: at + 10,
      PageUp: Math.max(0, at - 10),
      Home: 0,
      End: shown.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const next = shown[Math.min(target, shown.length - 1)];
    if (next !== undefined) this.#select(next.id);
  }

  /** What fits the words in the field, newest first. */
  #shown(): readonly Exchange[] {
    const words = this.#find.value.toLowerCase().split(/\s+/);
    return this.all.toReversed().filter((exchange) => {
      const text = `${methodOf(exchange)} ${pathOf(exchange)} ${statusOf(exchange)}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  #drawNow(): void {
    const shown = this.#shown();
    this.#list.replaceChildren(...shown.map((exchange) => this.#row(exchange)));
    const chosen = this.#chosen === null ? undefined : this.#exchanges.get(this.#chosen);
    if (chosen === undefined) this.#list.removeAttribute("aria-activedescendant");
    else this.#list.setAttribute("aria-activedescendant", `request-${chosen.id}`);
    this.#list.hidden = shown.length === 0;
    this.#empty.hidden = this.#exchanges.size > 0;
    this.#spark.draw(this.all);
    this.#choose(chosen ?? null);
  }

  #row(exchange: Exchange): HTMLElement {
    const status = statusOf(exchange);
    const micros = microsOf(exchange);
    const { short, long } = describeChanges(exchange);
    return make(
      "li",
      [
        make("span.method", methodOf(exchange)),
        make("span.path", pathOf(exchange)),
        make(`span.status.s${status.slice(0, 1)}`, status === "" ? "…" : status),
        make("time.quiet", formatClock(exchange.at)),
        make("span.changes", [make("span", short, { "aria-hidden": "true" }), spoken(long)]),
        make("span.micros.quiet", [
          spoken("time in the filter: "),
          micros === null ? "–" : formatMicros(micros),
        ]),
      ],
      {
        role: "option",
        id: `request-${exchange.id}`,
        "data-id": exchange.id,
        "aria-selected": String(exchange.id === this.#chosen),
      },
    );
  }
}
