// What has happened so far, for who comes later, and the subscribers who hear what happens next.
import type { DevEvent } from "./events.ts";

const KEPT_EXCHANGES = 200;
const KEPT_LOGS = 1000;
const KEPT_BUILDS = 100;

/** The newest events of each kind, in the order in which each kind came. */
export class History {
  readonly #builds: DevEvent[] = [];
  readonly #logs: DevEvent[] = [];
  readonly #latest = new Map<DevEvent["type"], DevEvent>();
  readonly #exchanges = new Map<string, DevEvent>();
  readonly #subscribers = new Set<(event: DevEvent) => void>();

  /** Keeps an event and tells everybody. */
  add(event: DevEvent): void {
    switch (event.type) {
      case "exchange":
        // Told again when more of it is known: the newest knowledge, at its old place.
        this.#exchanges.set(event.exchange.id, event);
        this.#dropOldestExchange();
        break;
      case "log":
        push(this.#logs, event, KEPT_LOGS);
        break;
      case "build":
        this.#latest.delete("building");
        push(this.#builds, event, KEPT_BUILDS);
        break;
      default:
        this.#latest.set(event.type, event);
    }
    for (const tell of this.#subscribers) tell(event);
  }

  /** Where requests are to be sent; null as long as nothing serves. */
  get address(): string | null {
    const known = this.#latest.get("status");
    return known?.type === "status" ? known.status.address : null;
  }

  /** All that is kept: told in this order, it makes the present state. */
  snapshot(): readonly DevEvent[] {
    return [...this.#builds, ...this.#latest.values(), ...this.#logs, ...this.#exchanges.values()];
  }

  /** Calls with each event from now on, until the function that it answers is called. */
  subscribe(tell: (event: DevEvent) => void): () => void {
    this.#subscribers.add(tell);
    return () => void this.#subscribers.delete(tell);
  }

  #dropOldestExchange(): void {
    if (this.#exchanges.size <= KEPT_EXCHANGES) return;
    const [oldest] = this.#exchanges.keys();
    if (oldest !== undefined) this.#exchanges.delete(oldest);
  }
}

function push(list: DevEvent[], event: DevEvent, limit: number): void {
  list.push(event);
  if (list.length > limit) list.shift();
}
