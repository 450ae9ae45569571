// What comes from Envoy when it comes, in order, for a test that asks when it asks.
import type { ToolError } from "../../sdk/errors.ts";
import { within } from "../../sdk/test-api/waiting.ts";

export class Arrivals<T> {
  readonly #waiting: T[] = [];
  readonly #takers: ((arrived: T) => void)[] = [];

  /** One more has come. */
  add(arrived: T): void {
    const take = this.#takers.shift();
    if (take === undefined) this.#waiting.push(arrived);
    else take(arrived);
  }

  /** The next one, now or soon; `late()` is thrown when it takes longer than so many milliseconds. */
  next(timeout: number, late: () => ToolError): Promise<T> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return Promise.resolve(waiting);
    let take: (arrived: T) => void = () => undefined;
    const came = new Promise<T>((resolve) => {
      take = resolve;
      this.#takers.push(take);
    });
    return within(timeout, came, () => {
      this.#takers.splice(this.#takers.indexOf(take), 1);
      return late();
    });
  }
}
