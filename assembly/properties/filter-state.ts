// Filter state: objects that filters leave for each other under a name, one set for the downstream
// side of a stream and one that belongs to its upstream.
import { takeBytes, takeString } from "../runtime/bytes";
import { release, resultData } from "../runtime/memory";
import { lookUpIn } from "./read";

/**
 * Filter state, from `properties.filterState()` and `properties.upstreamFilterState()`. What a Wasm
 * filter keeps by `properties.set(KEY, ...)` is called `wasm.KEY` here.
 */
@final
export class FilterState {
  /**
   * @param path the property that holds it
   * @internal
   */
  constructor(private readonly path: string) {}

  /** The object called `name` as text; `null` when there is none. */
  text(name: string): string | null {
    return lookUpIn(this.path, name) ? takeString() : null;
  }

  /** The object called `name` as bytes; `null` when there is none. */
  bytes(name: string): Uint8Array | null {
    return lookUpIn(this.path, name) ? takeBytes() : null;
  }

  /** Whether there is an object called `name`. */
  has(name: string): bool {
    if (!lookUpIn(this.path, name)) return false;
    release(resultData());
    return true;
  }
}
