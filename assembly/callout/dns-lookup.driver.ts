// What dns-lookup.test.ts calls: lookups that are known by numbers, and what they were told.
import { forgetCallouts } from "./hooks";
import { currentContext, enter, leave } from "../runtime/callback";
import { DnsAddress } from "./dns-address";
import { DnsLookup } from "./dns-lookup";

export { malloc } from "../abi/callbacks/memory";
export { envoy_on_resolve_dns } from "../abi/callbacks/envoy";
export { proxy_on_tick } from "../abi/callbacks/plugin";

let told: string[] = [];

class Numbered extends DnsLookup {
  constructor(private readonly number: i32) {
    super();
  }

  override onResolved(addresses: DnsAddress[]): void {
    let text = "";
    for (let i = 0; i < addresses.length; i++) {
      text += " " + addresses[i].address + "=" + addresses[i].ttlSeconds.toString();
    }
    this.tell("resolved" + text);
  }

  override onFailure(): void {
    this.tell("failed");
  }

  private tell(what: string): void {
    told.push(this.number.toString() + " in " + currentContext.toString() + ": " + what);
  }
}

const lookups: Numbered[] = [];

/** Has a new lookup ask in a callback of that context; its number is how many there were before. */
export function ask(context: u32, name: string): i32 {
  const lookup = new Numbered(lookups.length);
  lookups.push(lookup);
  return askAgain(context, lookups.length - 1, name);
}

export function askAgain(context: u32, number: i32, name: string): i32 {
  const outer = enter(context);
  const status = lookups[number].resolve(name);
  leave(outer);
  return status;
}

export function isPending(number: i32): bool {
  return lookups[number].pending;
}

/** As the end of that context does. */
export function end(context: u32): void {
  forgetCallouts(context);
}

/** What they were told since the last call, a line for each. */
export function take(): string {
  const lines = told.join("\n");
  told = [];
  return lines;
}
