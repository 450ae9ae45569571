// When has Envoy done what a test has set off? Its worker does one thing after the other, so a request to
// another listener of the same worker is answered behind them. One may overtake what came in the same
// moment, two in a row do not; and what the worker has printed and sent by then is in our pipes.
import { Agent, get } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";

const ROUNDS = 3;

export interface Settler {
  /** Resolves when Envoy's worker has done all that it was given before. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** `port` is of a listener that answers by itself. */
export function settlerFor(port: number): Settler {
  const pool = new Agent({ keepAlive: true, maxSockets: 1 });
  const round = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get({ host: "127.0.0.1", port, agent: pool }, (response) => {
        response.resume();
        response.once("end", resolve);
      }).once("error", reject);
    });
  return {
    async settled() {
      for (let rounds = 0; rounds < ROUNDS; rounds++) {
        await round();
        // What has arrived meanwhile is read.
        await nextTurn();
        await nextTurn();
      }
    },
    close() {
      pool.destroy();
      return Promise.resolve();
    },
  };
}
