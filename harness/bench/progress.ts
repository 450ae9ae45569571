// How far a run is, on stderr: one line that is redrawn in a terminal, else a line a phase.
import type { Io } from "../../sdk/cli/command.ts";

/** Shows one phase after another. */
export class Progress {
  readonly #io: Pick<Io, "interactive" | "err">;
  #phase = "";
  #drawn = false;

  constructor(io: Pick<Io, "interactive" | "err">) {
    this.#io = io;
  }

  /**
   * @param phase Lines that are not redrawn show it up to its first comma: the rest is too much.
   * @param done Which part of the phase is done, 0 to 1; undefined when that is not known.
   */
  show(phase: string, done?: number): void {
    if (this.#io.interactive) {
      const part = done === undefined ? "" : ` ${Math.floor(done * 100)} %`;
      // Back to the start of the line, and erase what was on it.
      this.#io.err(`\r\x1b[K${phase}${part}`);
      this.#drawn = true;
      return;
    }
    const [outline = ""] = phase.split(",");
    if (outline !== this.#phase) this.#io.err(`${outline}\n`);
    this.#phase = outline;
  }

  /** Removes the line, so that what follows begins on a clean one. */
  end(): void {
    if (this.#drawn) this.#io.err("\r\x1b[K");
    this.#drawn = false;
  }
}
