// A name that the filter asked for, and what it is answered.
import { fromLatin1 } from "./bytes.ts";
import type { RootContext } from "./contexts/root-context.ts";

/** One address of an answer. */
export interface DnsAddress {
  /** An IP address. */
  readonly address: string;
  /** Seconds. Default: 60. */
  readonly ttl?: number;
}

const DEFAULT_TTL = 60;

/** A lookup that waits for its answer. */
export class DnsLookup {
  readonly token: number;
  /** The name that was asked for. */
  readonly name: string;
  readonly #root: RootContext;
  #pending = true;

  constructor(root: RootContext, token: number, name: string) {
    this.#root = root;
    this.token = token;
    this.name = name;
  }

  /** Whether it still waits. */
  get pending(): boolean {
    return this.#pending;
  }

  /** Answers it: the guest is called at once. */
  respond(addresses: readonly DnsAddress[]): void {
    //   u32 count, then u32 seconds for each, then address \0 for each; Envoy puts port 0 behind them
    const words = Buffer.alloc(4 + 4 * addresses.length);
    words.writeUInt32LE(addresses.length);
    for (const [index, { ttl = DEFAULT_TTL }] of addresses.entries()) {
      words.writeUInt32LE(ttl, 4 + 4 * index);
    }
    const texts = addresses.map(({ address }) =>
      address.includes(":") ? `[${address}]:0\0` : `${address}:0\0`,
    );
    this.#finish(Buffer.concat([words, fromLatin1(texts.join(""))]));
  }

  /** There is no such name: the guest is handed nothing. */
  fail(): void {
    this.#finish(new Uint8Array(0));
  }

  #finish(answer: Uint8Array): void {
    const root = this.#root;
    if (!this.#pending) return;
    this.#pending = false;
    if (root.over) return;
    root.callData = answer;
    root.vm.call("envoy_on_resolve_dns", root, [this.token, answer.length]);
    root.vm.host.settle();
  }
}
