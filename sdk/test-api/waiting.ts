import { ToolError } from "../errors.ts";
import { currentRun } from "./test-run.ts";

/** How long a test waits for what may not come, unless it says otherwise, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** What is awaited did not come. */
export function neverCame(what: string, hint: string): ToolError {
  return new ToolError("ERR_TEST_TIMEOUT", what, { hint });
}

/** No callout has come: to a service of `clusters`, or of `grpcClusters`. */
export function noCallout(option: "clusters" | "grpcClusters", waitedMs: number | null): ToolError {
  const what = option === "clusters" ? "request" : "gRPC call";
  const waited = waitedMs === null ? "" : `, in ${waitedMs} ms`;
  return neverCame(
    `the filter has made no ${what} that waits for an answer${waited}`,
    `Send it what makes it call a service, without awaiting the reply; name the service in \`${option}\`.`,
  );
}

/**
 * The promise's value; `late()` is thrown when it takes longer. Never late in a debugger. A promise that
 * nothing resolves would otherwise end all tests: Node stops when there is nothing left to wait for.
 */
export async function within<T>(
  milliseconds: number,
  promise: Promise<T>,
  late: () => Error,
): Promise<T> {
  if (currentRun().debugging) return promise;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
