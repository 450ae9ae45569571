// A call that never returns, stopped from outside: V8 can end WebAssembly only where it runs under a
// time limit of node:vm.
import { Script, createContext } from "node:vm";

/** Longer than anybody sits at a debugger. */
export const NO_TIME_LIMIT_MS = 2 ** 31 - 1;

interface Sandbox {
  run: () => unknown;
}

const sandbox: Sandbox = { run: () => undefined };
let context: object | null = null;
const script = new Script("run()");

/** Thrown when a call was stopped. */
export class TimeLimitExceeded extends Error {
  override readonly name = "TimeLimitExceeded";
}

/** Runs `call` and answers what it does; throws TimeLimitExceeded when it takes longer. */
export function withTimeLimit<T>(milliseconds: number, call: () => T): T {
  // One for all hosts: making one takes longer than most callbacks.
  context ??= createContext(sandbox);
  let result: { readonly value: T } | undefined;
  sandbox.run = () => {
    result = { value: call() };
  };
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    // It is an Error of the other context: no instance of this one's.
    if (typeof error === "object" && error !== null && "code" in error) {
      if (error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw limitExceeded(milliseconds);
    }
    throw error;
  } finally {
    sandbox.run = () => undefined;
  }
  if (result === undefined) throw limitExceeded(milliseconds);
  return result.value;
}

function limitExceeded(milliseconds: number): TimeLimitExceeded {
  return new TimeLimitExceeded(`no return within ${milliseconds} ms`);
}
