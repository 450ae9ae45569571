// What became of each build: the list, the state on top, and what is wrong, if something is.
import type { Build, Failure, Status } from "../events.ts";
import { byId, make } from "./dom.ts";
import { formatBytes, formatClock, formatMillis, formatPlace } from "./text.ts";

const OUTCOMES = {
  serving: "swapped in",
  unchanged: "same module",
  failed: "not built",
  refused: "refused",
  hung: "hung",
} as const;

/** What a build that went wrong did. */
const FAILURES = {
  failed: "does not build",
  refused: "was refused by Envoy",
  hung: "hung Envoy",
} as const;

export class BuildsView {
  readonly #list = byId("builds", HTMLOListElement);
  readonly #failure = byId("failure", HTMLElement);
  readonly #state = byId("state", HTMLParagraphElement);
  #builds: Build[] = [];
  #building = false;
  #serving: number | null = null;

  /** Forgets all. */
  clear(): void {
    this.#builds = [];
  }

  add(build: Build): void {
    this.#builds.push(build);
    this.#building = false;
    this.#draw();
  }

  building(): void {
    this.#building = true;
    this.#draw();
  }

  status({ serving }: Status): void {
    this.#serving = serving;
    this.#draw();
  }

  /** Says that nothing is heard of `dev` any more. */
  disconnected(): void {
    this.#say("lost", "dev has ended");
  }

  #say(kind: "good" | "busy" | "bad" | "lost", text: string): void {
    const state = `state ${kind}`;
    if (this.#state.className !== state) this.#state.className = state;
    // A status is spoken when it changes: it must not be set to what it is.
    if (this.#state.textContent !== text) this.#state.textContent = text;
  }

  #draw(): void {
    const last = this.#builds.at(-1);
    const failure = last?.failure ?? null;
    this.#list.replaceChildren(...this.#builds.slice(-20).reverse().map(rowOf));
    this.#failure.hidden = failure === null;
    if (failure !== null && last !== undefined) this.#showFailure(failure, last);
    else this.#failure.replaceChildren();
    const serving = this.#serving === null ? "nothing serves yet" : `build ${this.#serving} serves`;
    if (this.#building) this.#say("busy", `Building, ${serving}`);
    else if (failure !== null) this.#say("bad", `Build ${last?.number ?? 0} failed, ${serving}`);
    else if (this.#serving !== null) this.#say("good", `Build ${this.#serving} serves`);
    this.#drawTiles();
  }

  #showFailure({ code, message, place, detail, hint }: Failure, build: Build): void {
    const kept =
      this.#serving === null ? "Nothing serves yet." : `Build ${this.#serving} keeps serving.`;
    const { outcome } = build;
    const fault = FAILURES[outcome === "refused" || outcome === "hung" ? outcome : "failed"];
    const parts = [
      make("h2", `Build ${build.number} ${fault}. ${kept}`),
      make("p", [make("code", code), ` ${message}`]),
    ];
    if (place !== null) parts.push(make("p.quiet", `at ${formatPlace(place)}`));
    if (detail !== "") parts.push(make("pre", framed(detail), { tabindex: "0" }));
    if (hint !== null) parts.push(make("p.hint", hint));
    this.#failure.replaceChildren(...parts);
  }

  #drawTiles(): void {
    const served = this.#builds.filter(({ outcome }) => outcome === "serving");
    const now = served.at(-1);
    if (now?.bytes == null) return;
    const before = served.at(-2)?.bytes ?? null;
    const growth = before === null ? 0 : now.bytes - before;
    text("tile-size", formatBytes(now.bytes));
    text(
      "tile-size-note",
      growth === 0
        ? `build ${now.number}, ${now.hash ?? ""}`
        : `${growth > 0 ? "+" : "−"}${formatBytes(Math.abs(growth))} since build ${served.at(-2)?.number ?? 0}`,
    );
    text("tile-swap", formatMillis((now.buildMs ?? 0) + (now.swapMs ?? 0)));
    text("tile-swap-note", describeTimes(now));
  }
}

function describeTimes({ buildMs, swapMs, number }: Build): string {
  const built = buildMs === null ? "" : `built in ${formatMillis(buildMs)}, `;
  const how = number === 1 ? "Envoy up in" : "swapped in";
  return `${built}${how} ${formatMillis(swapMs ?? 0)}`;
}

function rowOf(build: Build): HTMLElement {
  const { number, at, outcome, changed, bytes } = build;
  const isGood = build.failure === null;
  const what = changed.length === 0 ? "first build" : changed.join(", ");
  const facts = [
    outcome === "serving" ? describeTimes(build) : OUTCOMES[outcome],
    bytes === null ? "" : formatBytes(bytes),
  ];
  return make("li", [
    make(`span.build-mark.${isGood ? "good" : "bad"}`, isGood ? "✓" : "✗", {
      "aria-hidden": "true",
    }),
    make("span.build-name", `${number} · ${what}`),
    make("time.quiet", formatClock(at)),
    make("span.quiet.build-facts", facts.filter((fact) => fact !== "").join(" · ")),
  ]);
}

/** A code frame with the marks below the faulty words set off. */
function framed(detail: string): (Node | string)[] {
  return detail
    .split(/(?<=\n)/)
    .map((line) => (/^ *\|[ \t]*~+\s*$/.test(line) ? make("span.underline", line) : line));
}

function text(id: string, value: string): void {
  byId(id, HTMLParagraphElement).textContent = value;
}
