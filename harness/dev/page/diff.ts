// What a filter changed in headers.
import type { Header } from "../events.ts";

/** One header, and what became of it. */
export interface HeaderChange {
  readonly kind: "same" | "added" | "removed" | "changed";
  readonly name: string;
  /** Empty for one that was added. */
  readonly before: string;
  /** Empty for one that was removed. */
  readonly after: string;
}

/**
 * Pairs the headers before with those after: equal ones with each other first, then those of one
 * name in their order. The order of the result is that of before, then what was added.
 */
export function diffHeaders(
  before: readonly Header[],
  after: readonly Header[],
): readonly HeaderChange[] {
  const left = [...after];
  const take = (fits: (header: Header) => boolean): Header | undefined => {
    const index = left.findIndex(fits);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const same = new Set(
    before.filter(([name, value]) => take(([n, v]) => n === name && v === value) !== undefined),
  );
  const kept = before.map((header): HeaderChange => {
    const [name, value] = header;
    if (same.has(header)) return { kind: "same", name, before: value, after: value };
    const next = take(([other]) => other === name);
    return next === undefined
      ? { kind: "removed", name, before: value, after: "" }
      : { kind: "changed", name, before: value, after: next[1] };
  });
  const added = left.map(([name, value]): HeaderChange => ({
    kind: "added",
    name,
    before: "",
    after: value,
  }));
  return [...kept, ...added];
}

/** How many headers were added, removed and changed. */
export function countChanges(
  changes: readonly HeaderChange[],
): Readonly<Record<HeaderChange["kind"], number>> {
  const counts = { same: 0, added: 0, removed: 0, changed: 0 };
  for (const { kind } of changes) counts[kind]++;
  return counts;
}
