// What pending.test.ts calls: a table, and callouts that are known by numbers.
import { Callout, PendingCallouts } from "./pending";

class Numbered extends Callout {
  constructor(readonly number: i32) {
    super();
  }
}

let table = new PendingCallouts();
const callouts: Numbered[] = [];

/** Makes a new table, and so many callouts that are in none. */
export function reset(count: i32): void {
  table = new PendingCallouts();
  callouts.length = 0;
  for (let i = 0; i < count; i++) callouts.push(new Numbered(i));
}

export function insert(number: i32, token: u32, owner: u32): void {
  table.insert(token, owner, callouts[number]);
}

/** The number of the callout with the token; -1 for none. */
export function find(token: u32): i32 {
  const found = table.find(token);
  return found === null ? -1 : changetype<Numbered>(found).number;
}

export function remove(number: i32): void {
  table.remove(callouts[number]);
}

export function isPending(number: i32): bool {
  return callouts[number].pending;
}

let removed: Callout | null = null;

export function removeAllOf(owner: u32): void {
  removed = table.removeAllOf(owner);
}

/** The number of the next of those that `removeAllOf` removed; -1 at the end. */
export function nextRemoved(): i32 {
  const next = removed;
  if (next === null) return -1;
  removed = next.__nextByOwner;
  next.__nextByOwner = null;
  return changetype<Numbered>(next).number;
}
