// The services that a filter calls, played by the test.
import type { ServerResponse } from "node:http";
import type { Callout } from "../../sdk/test-api/api.ts";
import { neverCame, within } from "../../sdk/test-api/waiting.ts";
import type { ClusterSpec } from "../envoy/bootstrap.ts";
import { Incoming } from "./received.ts";
import { startServer, writeAnswer } from "./server.ts";
import type { TestServer } from "./server.ts";

/** Requests wait here until the test answers them. */
export class Services {
  readonly clusters: ClusterSpec[] = [];
  readonly #servers: TestServer[] = [];
  readonly #waiting: Callout[] = [];
  readonly #takers: ((callout: Callout) => void)[] = [];
  #settled: () => Promise<void> = () => Promise.resolve();

  /** Starts one server for each cluster. */
  static async start(names: readonly string[]): Promise<Services> {
    const services = new Services();
    for (const name of names) {
      const server = await startServer((request, response) => {
        const incoming = new Incoming(request);
        void incoming.whole.then((received) => {
          services.#arrived({ ...received, cluster: name, ...services.#answers(response) });
        });
      });
      services.#servers.push(server);
      services.clusters.push({ name, host: "127.0.0.1", port: server.port });
    }
    return services;
  }

  /** What is awaited behind each answer, once there is an Envoy. */
  settleBy(settled: () => Promise<void>): void {
    this.#settled = settled;
  }

  /** The next request, now or soon. */
  next(timeout: number): Promise<Callout> {
    const callout = this.#waiting.shift();
    if (callout !== undefined) return Promise.resolve(callout);
    let take: (callout: Callout) => void = () => undefined;
    const came = new Promise<Callout>((resolve) => {
      take = resolve;
      this.#takers.push(take);
    });
    return within(timeout, came, () => {
      this.#takers.splice(this.#takers.indexOf(take), 1);
      return neverCame(
        `the filter has made no request that waits for an answer, in ${timeout} ms`,
        "Send it what makes it call a service, without awaiting the reply; name the service in `clusters`.",
      );
    });
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.close();
  }

  #arrived(callout: Callout): void {
    const take = this.#takers.shift();
    if (take === undefined) this.#waiting.push(callout);
    else take(callout);
  }

  #answers(response: ServerResponse): Pick<Callout, "respond" | "fail"> {
    return {
      respond: async (answer = {}) => {
        await writeAnswer(response, answer, this.#settled);
        await this.#settled();
      },
      fail: async () => {
        response.socket?.destroy();
        await this.#settled();
      },
    };
  }
}
