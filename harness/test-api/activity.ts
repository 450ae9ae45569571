// What has passed between Envoy and this process by connections that no reply says the end of: TCP and gRPC.
// One step of a test may lead to several there and back; it is done when nothing more comes.
import { neverCame } from "../../sdk/test-api/waiting.ts";

/** How often in a row nothing may have come, each behind all that Envoy was given before. */
const QUIET_TURNS = 2;

export class Activity {
  readonly #timeout: number;
  #settled: () => Promise<void> = () => Promise.resolve();
  #moves = 0;

  /** What goes on for longer than `timeout` milliseconds goes on for ever. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** Resolves as a Settler's does, once there is an Envoy. */
  settleBy(settled: () => Promise<void>): void {
    this.#settled = settled;
  }

  /** Something has come. */
  readonly moved = (): void => {
    this.#moves++;
  };

  /** Resolves when all is done that follows from what was done before. */
  async quiet(): Promise<void> {
    const end = performance.now() + this.#timeout;
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = this.#moves;
      await this.#settled();
      if (this.#moves === before) continue;
      quiet = -1;
      if (performance.now() > end) {
        throw neverCame(
          `connections go on sending after ${this.#timeout} ms`,
          "Look for a filter and a service that answer each other without end.",
        );
      }
    }
  }
}
