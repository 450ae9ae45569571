// One exchange: what came to the filter, what it let go, in both directions.
import type { Direction, Exchange } from "../events.ts";
import type { HeaderChange } from "./diff.ts";
import { byId, make, spoken } from "./dom.ts";
import { changesOf, isAnsweredInside, methodOf, pathOf, statusOf } from "./exchange.ts";
import { formatBytes, formatClock, formatMicros, formatMillis } from "./text.ts";

const MARKS = { same: "", added: "+", removed: "−", changed: "~" } as const;

export class DetailView {
  readonly #place = byId("detail", HTMLDivElement);
  readonly #only = byId("only", HTMLInputElement);
  #exchange: Exchange | null = null;

  constructor() {
    this.#only.addEventListener("change", () => {
      this.#draw();
    });
  }

  /** Shows an exchange; null shows none. */
  show(exchange: Exchange | null): void {
    if (exchange === this.#exchange) return;
    this.#exchange = exchange;
    this.#draw();
  }

  #draw(): void {
    const exchange = this.#exchange;
    if (exchange === null) {
      const text = "Choose a request to see its headers before and after the filter.";
      this.#place.replaceChildren(make("p.empty", text));
      return;
    }
    const status = statusOf(exchange);
    const whole = exchange.milliseconds;
    this.#place.replaceChildren(
      make("p.line", [
        make("span.method", methodOf(exchange)),
        make("span.path", pathOf(exchange)),
        make(`span.status.s${status.slice(0, 1)}`, status === "" ? "no response yet" : status),
      ]),
      make("p.quiet", [
        formatClock(exchange.at),
        whole === null ? "" : ` · ${formatMillis(whole)} from request to response`,
        isAnsweredInside(exchange) ? " · the upstream never saw it" : "",
      ]),
      ...this.#direction("Request", "client → filter → upstream", exchange.request),
      ...this.#direction("Response", "upstream → filter → client", exchange.response),
    );
  }

  #direction(title: string, way: string, direction: Direction): readonly HTMLElement[] {
    const time = direction.micros === null ? "" : `${formatMicros(direction.micros)} in the filter`;
    const head = make("div.direction", [
      make("h3", [title, " ", make("span.quiet", way)]),
      make("span.time", time),
    ]);
    const changes = changesOf(direction);
    if (direction.before === null) return [head, make("p.empty", "Not there yet.")];
    if (changes === null) {
      const stopped = this.#exchange?.complete === true;
      const rows = direction.before.map(([name, before]): HeaderChange => ({
        kind: "same",
        name,
        before,
        after: before,
      }));
      return [
        head,
        make("p.note", stopped ? "The filter did not let it go on." : "Still in the filter."),
        this.#table(title, rows, direction),
      ];
    }
    return [head, this.#table(title, changes, direction)];
  }

  #table(title: string, changes: readonly HeaderChange[], direction: Direction): HTMLElement {
    const shown = this.#only.checked ? changes.filter(({ kind }) => kind !== "same") : changes;
    const rows = [...shown.map(headerRow), bodyRow(direction)];
    const caption = make("caption.spoken", `${title}: headers before and after the filter`);
    const head = make("thead.spoken", [
      make("tr", [
        make("th", "Change", { scope: "col" }),
        make("th", "Header", { scope: "col" }),
        make("th", "Value", { scope: "col" }),
      ]),
    ]);
    return make("table", [caption, head, make("tbody", rows)]);
  }
}

function headerRow({ kind, name, before, after }: HeaderChange): HTMLElement {
  // An empty name counts the headers that were too many to report.
  if (name === "") return row("same", "…", [`and ${before || after} more, not shown`]);
  if (kind === "changed") {
    return row(kind, name, [
      make("del", [spoken("before: "), before]),
      make("ins", [spoken("after: "), after]),
    ]);
  }
  return row(kind, name, [kind === "removed" ? make("del", before) : after]);
}

function bodyRow({ bodyBefore, bodyAfter }: Direction): HTMLElement {
  const before = bodyBefore === null ? "not known" : formatBytes(bodyBefore);
  const after = bodyAfter === null ? "not known" : formatBytes(bodyAfter);
  if (bodyAfter === null || bodyBefore === bodyAfter) return row("same", "body", [before]);
  return row("changed", "body", [
    make("del", [spoken("before: "), before]),
    make("ins", [spoken("after: "), after]),
  ]);
}

function row(
  kind: HeaderChange["kind"],
  name: string,
  value: readonly (Node | string)[],
): HTMLElement {
  const mark = make("td.mark", [
    make("span", MARKS[kind], { "aria-hidden": "true" }),
    spoken(kind === "same" ? "" : kind),
  ]);
  const isBody = name === "body" || name === "…";
  return make(`tr.${kind}`, [
    mark,
    make(isBody ? "th.quiet" : "th", name, { scope: "row" }),
    make("td.value", value),
  ]);
}
