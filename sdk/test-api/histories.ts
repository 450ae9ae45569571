// What happened to the filters of tests, until the runner has shown it. The runner's reporter is behind the
// tests: it asks when a test has ended, and its filter may have ended by then or not.

interface History {
  /** The name of the test that the filter belongs to. */
  readonly test: string;
  /** Set once the filter has ended. */
  text: string | null;
  readonly soFar: () => string;
}

const histories: History[] = [];

/** Keeps what happens to a filter; what it returns is called before the filter ends. */
export function keepHistory(test: string, soFar: () => string): () => void {
  const history: History = { test, text: null, soFar };
  histories.push(history);
  return () => {
    history.text = soFar();
  };
}

/**
 * What happened to the filters of a test that has ended, by its name behind those of what it is in: its
 * own, which are forgotten, and those of the tests around it.
 */
export function takeHistories(path: readonly string[]): string {
  const found = histories.filter(({ test }) => path.includes(test));
  for (const history of found) {
    const own = history.test === path.at(-1) && history.text !== null;
    if (own) histories.splice(histories.indexOf(history), 1);
  }
  return found.map(({ text, soFar }) => text ?? soFar()).join("\n");
}
