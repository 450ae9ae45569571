// Tests written in AssemblyScript: `*.spec.ts` files.
import { test } from "node:test";
import { explainTrap } from "../trap/explain.ts";
import { framesOfStack } from "../trap/frames.ts";
import { ModuleSources } from "../trap/source-map.ts";
import { messageOf } from "../errors.ts";
import { compileSpec } from "./compile-spec.ts";
import { MismatchSignal, mismatchError, trapError } from "./failure.ts";
import { AbortSignalled, SpecInstance } from "./instance.ts";

/** A test of a spec that can be run. */
export interface SpecTest {
  /** With the names of its groups: `slug > keeps digits`. */
  readonly name: string;
  /** Runs it in an instance of its own; throws an error for people when it fails. */
  readonly run: () => void;
}

/**
 * Compiles a spec, at `path` relative to `cwd`, and lists its tests. Throws a ToolError for what does
 * not compile, and an error with the place for top-level code that traps.
 */
export async function loadSpec(path: string, cwd = process.cwd()): Promise<readonly SpecTest[]> {
  const { wasm, sourceMap } = await compileSpec(path, cwd);
  const sources = new ModuleSources(wasm, sourceMap);
  const module = new WebAssembly.Module(wasm);
  const explained = <Result>(what: string, run: () => Result): Result => {
    try {
      return run();
    } catch (error) {
      throw explain(error, what, sources);
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

/** Declares each test of a spec with node:test. */
export async function declareSpec(path: string, cwd = process.cwd()): Promise<void> {
  for (const { name, run } of await loadSpec(path, cwd)) test(name, run);
}

function explain(error: unknown, callback: string, sources: ModuleSources): Error {
  if (error instanceof MismatchSignal) return mismatchError(error, sources);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const abort = error instanceof AbortSignalled ? error.lastWords : null;
  const frames = framesOfStack(stack);
  return trapError(explainTrap({ callback, reason: messageOf(error), frames, abort }, sources));
}
