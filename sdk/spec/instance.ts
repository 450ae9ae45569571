// One instance of a compiled spec, for one test.
import { instantiateSync } from "@assemblyscript/loader";
import { HOST_FUNCTIONS } from "../inspect/envoy-abi.ts";
import { MismatchSignal } from "./failure.ts";

/** What every compiled spec exports. */
interface SpecExports extends Record<string, unknown> {
  _initialize(): void;
  __specCount(): number;
  __specName(index: number): number;
  __specRun(index: number): void;
  __specGuarded(): void;
}

/** The message of an abort: a failed assertion or bounds check, or `throw`. */
export class AbortSignalled extends Error {
  override readonly name = "AbortSignalled";
  constructor(
    message: string,
    /** As the SDK logs it in a filter: with its place. */
    readonly lastWords: string,
  ) {
    super(message);
  }
}

/** How many frames of a trap's stack V8 keeps: a recursion has many before the author's own. */
const STACK_FRAMES = 100;

export class SpecInstance {
  readonly #exports: SpecExports & ReturnType<typeof instantiateSync>["exports"];

  /** Starts the module; throws what its top-level code throws. */
  constructor(module: WebAssembly.Module) {
    const text = (pointer: number): string => this.#exports.__getString(pointer);
    const instance = instantiateSync<SpecExports>(module, {
      env: {
        ...hostCalls(),
        abort: (message: number, file: number, line: number, column: number) => {
          const said = message === 0 ? "abort" : text(message);
          throw new AbortSignalled(
            said,
            `${said} at ${file === 0 ? "?" : text(file)}:${line}:${column}`,
          );
        },
      },
      spec: {
        failed: (matcher: number, actual: number, expected: number) => {
          throw new MismatchSignal({
            matcher: text(matcher),
            actual: text(actual),
            expected: text(expected),
          });
        },
        trap: () => this.#trap(),
      },
    });
    this.#exports = instance.exports;
    this.#exports._initialize();
  }

  /** The tests' names, in the order of the source. */
  names(): readonly string[] {
    return Array.from({ length: this.#exports.__specCount() }, (_, index) =>
      this.#exports.__getString(this.#exports.__specName(index)),
    );
  }

  /** Runs one test; throws what ends it. */
  run(index: number): void {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = STACK_FRAMES;
    try {
      this.#exports.__specRun(index);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  /** The message of the trap of what the test wants to trap, as a string of the module; 0 without one. */
  #trap(): number {
    try {
      this.#exports.__specGuarded();
      return 0;
    } catch (error) {
      if (error instanceof MismatchSignal) throw error;
      return this.#exports.__newString(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Stands for each host call: a spec has no host. */
function hostCalls(): Record<string, () => never> {
  return Object.fromEntries(
    HOST_FUNCTIONS.filter(({ module }) => module === "env").map(({ name }) => [
      name,
      () => {
        throw new Error(
          `${name} is a host call, and a spec has no host: test what makes it by loadFilter of as-proxy-wasm/testing`,
        );
      },
    ]),
  );
}
