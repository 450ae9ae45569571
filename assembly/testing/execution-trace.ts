// Records which way a module went and what it read, to show that a function does the same work
// whatever its input: a test that needs no clock.
import binaryen from "binaryen";

/** What one call did. */
export interface Steps {
  /** Each function, block and loop that was entered, in order. */
  readonly blocks: readonly number[];
  /** The address of each load, in order. */
  readonly loads: readonly number[];
}

/** Instruments a module, so that it reports to the imports of an `ExecutionTrace`. */
export function instrument(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  return withPasses(binary, ["log-execution", "instrument-memory"]);
}

/** Instruments a module, so that it reports to the imports of a `StepCounter`. */
export function instrumentSteps(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  return withPasses(binary, ["log-execution"]);
}

function withPasses(binary: Uint8Array, passes: string[]): Uint8Array<ArrayBuffer> {
  const module = binaryen.readBinary(binary);
  try {
    module.runPasses(passes);
    return new Uint8Array(module.emitBinary());
  } finally {
    module.dispose();
  }
}

/** Listens to one instrumented instance. */
export class ExecutionTrace {
  #blocks: number[] = [];
  #loads: number[] = [];

  /** What to instantiate it with. */
  readonly imports: WebAssembly.Imports;

  constructor() {
    const second = <T>(_id: number, value: T): T => value;
    const address = (_id: number, _size: number, _offset: number, at: number): number => at;
    const values: Record<string, typeof second> = {};
    for (const type of ["i32", "i64", "f32", "f64"]) {
      values[`load_val_${type}`] = second;
      values[`store_val_${type}`] = second;
    }
    this.imports = {
      env: {
        ...values,
        log_execution: (block: number) => {
          this.#blocks.push(block);
        },
        load_ptr: (_id: number, _size: number, offset: number, at: number): number => {
          this.#loads.push(at + offset);
          return at;
        },
        store_ptr: address,
        memory_grow_pre: second,
        memory_grow_post: second,
      },
    };
  }

  /** What `run` made the module do. */
  record(run: () => void): Steps {
    this.#blocks = [];
    this.#loads = [];
    run();
    // Copies: the module goes on reporting.
    return { blocks: [...this.#blocks], loads: [...this.#loads] };
  }
}

/** Counts how many functions, blocks and loops one instrumented instance enters. */
export class StepCounter {
  #steps = 0;

  /** What to instantiate it with. */
  readonly imports: WebAssembly.Imports = {
    env: {
      log_execution: () => {
        this.#steps++;
      },
    },
  };

  /** How many `run` made the module enter. */
  count(run: () => void): number {
    this.#steps = 0;
    run();
    return this.#steps;
  }
}
