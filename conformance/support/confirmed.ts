// A real Envoy on a busy machine is late now and then: what differs is looked at once more, by itself.

interface Found {
  readonly seed: number;
}

/** What differs among these numbers, and again by itself; and how many differed once and not again. */
export async function confirmed<T extends Found>(
  numbers: readonly number[],
  find: (numbers: readonly number[]) => Promise<readonly T[]>,
): Promise<{ readonly differing: readonly T[]; readonly once: number }> {
  const differing: T[] = [];
  let once = 0;
  for (const { seed } of await find(numbers)) {
    const again = await find([seed]);
    differing.push(...again);
    if (again.length === 0) once++;
  }
  return { differing, once };
}
