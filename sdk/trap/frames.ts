// The stack of a trap as data. V8 numbers the places in a module by the byte of the file, in Node as in
// Envoy, so that one source map serves both.

/** A function of the module that was running, innermost first in lists. */
export interface WasmFrame {
  /** As the module names it; empty where it has no names. */
  readonly name: string;
  /** The byte of the module at which it was, counted from the start of the file. */
  readonly offset: number;
}

/**
 * Reads V8's stack of an error that a module caused, frames of Node left out:
 *
 *     RuntimeError: unreachable
 *         at name (wasm://wasm/7b6ae806:wasm-function[4]:0x24f)
 *         at wasm://wasm/7b6ae806:wasm-function[55]:0x1a33
 */
export function framesOfStack(stack: string): readonly WasmFrame[] {
  const found = stack.matchAll(
    /^\s*at (?:(.*) \()?wasm:\/\/\S*?:wasm-function\[\d+\]:0x([0-9a-f]+)\)?$/gm,
  );
  return Array.from(found, frameOf);
}

/**
 * Reads Envoy's backtrace of a trap:
 *
 *     Proxy-Wasm plugin in-VM backtrace:
 *       0:  0x24f - name
 *       1:  0x1a33 - name
 */
export function framesOfBacktrace(backtrace: string): readonly WasmFrame[] {
  return Array.from(backtrace.matchAll(/^\s*\d+:\s+0x([0-9a-f]+) - (.*)$/gm), (found) =>
    frameOf([found[0], found[2] ?? "", found[1] ?? ""]),
  );
}

function frameOf([, name, offset]: readonly (string | undefined)[]): WasmFrame {
  return { name: name ?? "", offset: parseInt(offset ?? "", 16) };
}
