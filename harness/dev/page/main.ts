// The live page of `dev`: draws what a stream of events tells. See ../events.ts for the events.
import type { DevEvent, Status } from "../events.ts";
import { BuildsView } from "./builds-view.ts";
import { DetailView } from "./detail-view.ts";
import { byId } from "./dom.ts";
import { microsOf } from "./exchange.ts";
import { LogsView } from "./logs-view.ts";
import { showMetrics } from "./metrics-view.ts";
import { RequestsView } from "./requests-view.ts";
import { setUpSendForm } from "./send-form.ts";
import { formatMicros, median } from "./text.ts";

const detail = new DetailView();
const builds = new BuildsView();
const logs = new LogsView();
const requests = new RequestsView((exchange) => {
  detail.show(exchange);
  showTime();
});
setUpSendForm();
let address = "";

function take(event: DevEvent): void {
  switch (event.type) {
    case "status":
      showStatus(event.status);
      break;
    case "build":
      builds.add(event.build);
      break;
    case "building":
      builds.building();
      break;
    case "exchange":
      requests.add(event.exchange);
      break;
    case "log":
      logs.add(event.entry);
      break;
    case "metrics":
      showMetrics(event.metrics);
      break;
  }
}

function showStatus(status: Status): void {
  const { filter, source, envoyVersion, upstream } = status;
  document.title = `${filter} · as-proxy-wasm dev`;
  byId("filter", HTMLHeadingElement).textContent = filter;
  byId("where", HTMLParagraphElement).textContent =
    `${source} in Envoy ${envoyVersion}, in front of ${upstream === "echo" ? "the built-in echo" : upstream}`;
  builds.status(status);
  address = status.address ?? "";
  byId("address", HTMLDivElement).hidden = address === "";
  byId("url", HTMLElement).textContent = address;
  byId("empty-curl", HTMLElement).textContent = `curl -i ${address}/`;
}

function showTime(): void {
  const times = requests.all.flatMap((exchange) => microsOf(exchange) ?? []);
  const middle = median(times);
  byId("tile-time", HTMLParagraphElement).textContent =
    middle === null ? "–" : formatMicros(middle);
  byId("tile-time-note", HTMLParagraphElement).textContent =
    times.length === 0 ? "of the requests shown" : `median of ${times.length}, both directions`;
}

const copy = byId("copy", HTMLButtonElement);
copy.addEventListener("click", () => {
  navigator.clipboard.writeText(`curl -i ${address}/`).then(
    () => {
      copy.textContent = "Copied";
      setTimeout(() => {
        copy.textContent = "Copy as curl";
      }, 1_500);
    },
    () => {
      copy.textContent = "Not allowed here";
    },
  );
});

document.addEventListener("keydown", (event) => {
  const { target } = event;
  const isTyping =
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") requests.focusFind();
  else if (event.key === "n") requests.followNewest();
  else if (event.key === "p") requests.togglePause();
  else return;
  event.preventDefault();
});

const events = new EventSource("/events");
// First, and after each connection anew: all that has happened.
events.addEventListener("snapshot", (message: MessageEvent<string>) => {
  builds.clear();
  logs.clear();
  requests.clear();
  for (const event of JSON.parse(message.data) as readonly DevEvent[]) take(event);
});
events.addEventListener("one", (message: MessageEvent<string>) => {
  take(JSON.parse(message.data) as DevEvent);
});
events.addEventListener("error", () => {
  builds.disconnected();
});
