/** The most edits between a word and its suggestion: beyond them the two have nothing in common. */
const MOST_EDITS = 6;

/**
 * The number of single-character edits (insert, delete, replace, swap of two neighbours) that turn
 * `a` into `b`, or `limit + 1` as soon as it is known to be more than `limit`. The time is bounded by
 * the limit and the shorter word, however long the other one is.
 */
export function editDistance(
  a: string,
  b: string,
  limit: number = Math.max(a.length, b.length),
): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(
        cell(last, column) + 1,
        cell(current, column - 1) + 1,
        cell(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        edits = Math.min(edits, cell(beforeLast, column - 2) + 1);
      }
      current.push(edits);
      best = Math.min(best, edits);
    }
    if (best > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return Math.min(cell(last, b.length), limit + 1);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}

/**
 * The candidate that `word` was most likely meant to be, or null when none is close: at most a third
 * of the longer one may differ. Case counts only between candidates that are equally close; of equals
 * the first wins.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  const folded = word.toLowerCase();
  let suggestion: string | null = null;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const longer = Math.max(word.length, candidate.length);
    const limit = Math.min(MOST_EDITS, Math.max(1, Math.floor(longer / 3)));
    if (Math.abs(word.length - candidate.length) > limit) continue;
    const edits = editDistance(folded, candidate.toLowerCase(), limit);
    if (edits > limit) continue;
    const rank = edits + editDistance(word, candidate) / (longer + 1);
    if (rank >= fewest) continue;
    fewest = rank;
    suggestion = candidate;
  }
  return suggestion;
}
