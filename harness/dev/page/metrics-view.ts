// Envoy's figures: how the requests fared, and what the filter counts itself.
import type { Metrics } from "../events.ts";
import { byId, make } from "./dom.ts";

/** Shows the figures as they are now. */
export function showMetrics({ requests, byClass, own }: Metrics): void {
  byId("tile-requests", HTMLParagraphElement).textContent = requests.toLocaleString("en-US");
  const classes = Object.entries(byClass)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count.toLocaleString("en-US")} with ${name}`);
  byId("tile-classes", HTMLParagraphElement).textContent = classes.join(", ") || "none yet";
  byId("metrics-empty", HTMLParagraphElement).hidden = own.length > 0;
  byId("metrics", HTMLDListElement).replaceChildren(
    ...own.map(({ name, value }) => make("div", [make("dt", name), make("dd", grouped(value))])),
  );
}

/** Thousands apart, where it is a plain number. */
function grouped(value: string): string {
  return /^\d+$/.test(value) ? Number(value).toLocaleString("en-US") : value;
}
