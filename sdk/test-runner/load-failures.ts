// Which test file could not be loaded, by what it threw: to node:test the failure is one of child.ts.

const sources = new WeakMap<Error, string>();

/** Answers the error that stands for a test file that could not be loaded, for `loadedFrom`. */
export function loadFailure(source: string, thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(`thrown: ${String(thrown)}`);
  sources.set(error, source);
  return error;
}

/** The test file that could not be loaded for that error, absolute; null for other errors. */
export function loadedFrom(error: unknown): string | null {
  return error instanceof Error ? (sources.get(error) ?? null) : null;
}
