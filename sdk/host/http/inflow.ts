/**
 * What comes over a connection, piece by piece. While its reader holds back more than its limit, nothing is
 * read: the pieces wait, as they do in front of Envoy's closed window.
 */
export class Inflow {
  readonly #waiting: (() => void)[] = [];
  readonly #post: (task: () => void) => void;
  #paused = false;

  /** `post` does something later, as the thread's next event. */
  constructor(post: (task: () => void) => void) {
    this.#post = post;
  }

  /** Reads a piece, now or when there is room; `read` hands it on. */
  receive(read: () => void): void {
    this.#waiting.push(read);
    this.#readOn();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#post(() => {
      this.#readOn();
    });
  }

  #readOn(): void {
    while (!this.#paused) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next();
    }
  }
}
