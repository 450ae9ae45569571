// Tests written in AssemblyScript: `*.spec.ts` files.
import { cachedSpec } from "../compiler/cached-build.ts";
import { ToolError, messageOf } from "../errors.ts";
import { NO_TIME_LIMIT_MS, TimeLimitExceeded, withTimeLimit } from "../host/time-limit.ts";
import { currentRun } from "../test-api/test-run.ts";
import { explainTrap } from "../trap/explain.ts";
import { framesOfStack } from "../trap/frames.ts";
import { ModuleSources } from "../trap/source-map.ts";
import { MismatchSignal, mismatchError, trapError } from "./failure.ts";
import { AbortSignalled, SpecInstance } from "./instance.ts";

/** A test of a spec that can be run. */
export interface SpecTest {
  /** With the names of its groups: `slug > keeps digits`. */
  readonly name: string;
  /** Runs it in an instance of its own; throws an error for people when it fails. */
  readonly run: () => void;
}

export interface SpecOptions {
  /** What the path is relative to. Default: the current folder. */
  readonly cwd?: string;
  /** Where what was compiled is kept. Default: the cache of the project that `cwd` is in. */
  readonly cacheFolder?: string;
  /** How long a test may take, in milliseconds. Default: 5000, and no limit under a debugger. */
  readonly timeLimit?: number;
}

const DEFAULT_TIME_LIMIT_MS = 5000;

/**
 * Compiles a spec, or takes it as it was compiled before, and lists its tests. Throws a ToolError for
 * what does not compile, and an error with the place for top-level code that traps.
 */
export async function loadSpec(
  path: string,
  options: SpecOptions = {},
): Promise<readonly SpecTest[]> {
  const { debugging, loads } = currentRun();
  const { timeLimit = debugging ? NO_TIME_LIMIT_MS : DEFAULT_TIME_LIMIT_MS, ...where } = options;
  const read: string[] = [];
  const onRead = (file: string): void => void read.push(file);
  const built = await cachedSpec({ ...where, entry: path, onRead }).catch((error: unknown) => {
    // A change of any of them may mend it.
    loads(read);
    throw error;
  });
  loads(built.sources);
  const { wasm, sourceMap } = built;
  // Read when there is a failure: most specs have none.
  let known: ModuleSources | null = null;
  const sources = (): ModuleSources => (known ??= new ModuleSources(wasm, sourceMap ?? ""));
  const module = new WebAssembly.Module(new Uint8Array(wasm));
  const explained = <Result>(what: string, run: () => Result): Result => {
    try {
      return withTimeLimit(timeLimit, run);
    } catch (error) {
      throw explain(error, what, sources());
    }
  };
  const names = explained("the start of the spec", () => new SpecInstance(module).names());
  return names.map((name, index) => ({
    name,
    run: () => {
      explained("the test", () => {
        new SpecInstance(module).run(index);
      });
    },
  }));
}

function explain(error: unknown, callback: string, sources: ModuleSources): Error {
  if (error instanceof MismatchSignal) return mismatchError(error, sources);
  if (error instanceof TimeLimitExceeded) {
    return new ToolError("ERR_TEST_TIMEOUT", `${callback} did not end: ${error.message}`, {
      hint: "Look for a loop that does not end.",
      cause: error,
    });
  }
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const abort = error instanceof AbortSignalled ? error.lastWords : null;
  const frames = framesOfStack(stack);
  return trapError(explainTrap({ callback, reason: messageOf(error), frames, abort }, sources));
}
