// The services that a filter calls by gRPC, played by the test.
import type { GrpcCallout } from "../../sdk/test-api/grpc-api.ts";
import { noCallout } from "../../sdk/test-api/waiting.ts";
import type { ClusterSpec } from "../envoy/bootstrap.ts";
import type { Activity } from "./activity.ts";
import { Arrivals } from "./arrivals.ts";
import { EnvoyGrpcCallout } from "./envoy-grpc-callout.ts";
import { startGrpcServer } from "./grpc-server.ts";
import type { TestServer } from "./server.ts";

/** Calls and streams wait here until the test answers them. */
export class GrpcServices {
  readonly clusters: ClusterSpec[] = [];
  readonly #servers: TestServer[] = [];
  readonly #arrivals = new Arrivals<GrpcCallout>();
  readonly #activity: Activity;

  private constructor(activity: Activity) {
    this.#activity = activity;
  }

  /** Starts one service for each cluster. */
  static async start(names: readonly string[], activity: Activity): Promise<GrpcServices> {
    const services = new GrpcServices(activity);
    for (const name of names) {
      const server = await startGrpcServer((stream, rawHeaders) => {
        activity.moved();
        services.#arrivals.add(new EnvoyGrpcCallout(name, stream, rawHeaders, activity));
      });
      services.#servers.push(server);
      const { port } = server;
      // A connection for each, so that one may break without the others.
      services.clusters.push({ name, host: "127.0.0.1", port, http2: true, streamsAtOnce: 1 });
    }
    return services;
  }

  /** The next call or stream, now or soon, with what was sent along with its beginning. */
  async next(timeout: number): Promise<GrpcCallout> {
    const callout = await this.#arrivals.next(timeout, () => noCallout("grpcClusters", timeout));
    await this.#activity.quiet();
    return callout;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.close();
  }
}
