// The time in the filter of the last requests, as bars.
import type { Exchange } from "../events.ts";
import { byId } from "./dom.ts";
import { microsOf } from "./exchange.ts";
import { formatMicros, median } from "./text.ts";

const BARS = 60;
/** So few are as wide as these would be. */
const FEW = 30;
const WIDTH = 6;
const HEIGHT = 40;
const SVG = "http://www.w3.org/2000/svg";

export class Spark {
  readonly #figure = byId("spark", HTMLElement);

  /** Draws the last of the exchanges, oldest first. Bars end at three times the median. */
  draw(exchanges: readonly Exchange[]): void {
    const times = exchanges.flatMap((exchange) => microsOf(exchange) ?? []).slice(-BARS);
    const middle = median(times);
    this.#figure.hidden = middle === null || times.length < 3;
    if (middle === null) return;
    const top = Math.max(1, 3 * middle);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${Math.max(FEW, times.length) * WIDTH} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    svg.setAttribute(
      "aria-label",
      `Time in the filter of the last ${times.length} requests: median ${formatMicros(middle)}, ` +
        `lowest ${formatMicros(Math.min(...times))}, highest ${formatMicros(Math.max(...times))}`,
    );
    times.forEach((micros, index) => {
      const height = Math.max(1, (Math.min(micros, top) / top) * HEIGHT);
      const bar = document.createElementNS(SVG, "rect");
      bar.setAttribute("x", String(index * WIDTH));
      bar.setAttribute("y", String(HEIGHT - height));
      bar.setAttribute("width", String(WIDTH - 2));
      bar.setAttribute("height", String(height));
      if (micros > top) bar.classList.add("cut");
      svg.append(bar);
    });
    this.#figure.querySelector("svg")?.remove();
    this.#figure.prepend(svg);
  }
}
