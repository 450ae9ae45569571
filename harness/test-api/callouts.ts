// The services that a filter calls, played by the test.
import type { ServerResponse } from "node:http";
import type { Callout } from "../../sdk/test-api/api.ts";
import { noCallout } from "../../sdk/test-api/waiting.ts";
import type { ClusterSpec } from "../envoy/bootstrap.ts";
import { Arrivals } from "./arrivals.ts";
import { Incoming } from "./received.ts";
import { startServer, writeAnswer } from "./server.ts";
import type { TestServer } from "./server.ts";

/** Requests wait here until the test answers them. */
export class Services {
  readonly clusters: ClusterSpec[] = [];
  readonly #servers: TestServer[] = [];
  readonly #arrivals = new Arrivals<Callout>();
  #settled: () => Promise<void> = () => Promise.resolve();

  /** Starts one server for each cluster. */
  static async start(names: readonly string[]): Promise<Services> {
    const services = new Services();
    for (const name of names) {
      const server = await startServer((request, response) => {
        const incoming = new Incoming(request);
        void incoming.whole.then((received) => {
          services.#arrivals.add({ ...received, cluster: name, ...services.#answers(response) });
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
    return this.#arrivals.next(timeout, () => noCallout("clusters", timeout));
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.close();
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
