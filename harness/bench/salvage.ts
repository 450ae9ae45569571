// What becomes of a run that ends before its end: what has been measured is kept, nothing more is
// begun, and the reason is told once the report is safe.
import { errorOf, messageOf } from "../../sdk/errors.ts";

/** Remembers the first reason. */
export class Salvage {
  readonly signal: AbortSignal;
  #endedBy: Error | null;
  #text: string | null;

  /**
   * @param endedBy What has ended the run already, null if nothing has.
   * @param text The same as a sentence.
   */
  constructor(endedBy: Error | null, text: string | null, signal: AbortSignal) {
    this.#endedBy = endedBy;
    this.#text = text;
    this.signal = signal;
  }

  /** Whether nothing more shall be begun. */
  get isOver(): boolean {
    return this.#endedBy !== null || this.signal.aborted;
  }

  get endedBy(): Error | null {
    return this.#endedBy;
  }

  /** Null for a whole run; else why it ended early. */
  get text(): string | null {
    return this.#text;
  }

  /** @param what Was being measured. */
  end(reason: unknown, what: string): void {
    if (this.#endedBy !== null) return;
    this.#endedBy = errorOf(reason);
    this.#text = `${what} was not measured to its end: ${
      this.signal.aborted ? "it was interrupted" : messageOf(reason)
    }`;
  }
}
