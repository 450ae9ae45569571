// Real services in the place of scripted ones: callouts to their clusters go over the network, in real time.
import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { isIP } from "node:net";
import { messageOf, ToolError } from "../../errors.ts";
import type { GrpcCallout } from "../grpc/callout.ts";
import type { Callout } from "../http/callout.ts";
import { GrpcConnection } from "./grpc.ts";
import { sendByHttp1, sendByHttp2 } from "./http.ts";

/** A service that listens, in plain text. Names are those of the harness's clusters. */
export interface ServiceSpec {
  /** The cluster by which filters name it. */
  readonly name: string;
  /** An IP address or a name. */
  readonly host: string;
  readonly port: number;
  /** Whether it is sent HTTP callouts by HTTP/2; gRPC always is. Default: HTTP/1.1. */
  readonly http2?: boolean;
}

export class RealServices {
  readonly #specs: ReadonlyMap<string, ServiceSpec>;
  readonly #sessions = new Map<string, ClientHttp2Session>();
  readonly #guarded: (step: () => void) => void;

  readonly #problem: (text: string) => void;

  /**
   * `guarded` runs what an answer leads to, `problem` is told of what cannot be sent. Throws a ToolError
   * for a service that cannot be.
   */
  constructor(
    specs: readonly ServiceSpec[],
    guarded: (step: () => void) => void,
    problem: (text: string) => void,
  ) {
    for (const { host, name, port } of specs) {
      if (host !== "" && Number.isInteger(port) && port > 0 && port <= 65_535) continue;
      throw new ToolError(
        "ERR_CONFIG_INVALID",
        `the service ${name} has no address: ${host}:${port}`,
        { hint: "Give the host and the port on which it listens, as 127.0.0.1 and 8080." },
      );
    }
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
    this.#guarded = guarded;
    this.#problem = problem;
  }

  get names(): Iterable<string> {
    return this.#specs.keys();
  }

  /** Sends a callout to its service; false when its cluster is none of these. */
  send(callout: Callout): boolean {
    const spec = this.#specs.get(callout.cluster);
    if (spec === undefined) return false;
    try {
      if (spec.http2 === true) sendByHttp2(callout, this.#session(spec), this.#guarded);
      else sendByHttp1(callout, spec, this.#guarded);
    } catch (error) {
      this.#refused(spec, error);
      callout.fail();
    }
    return true;
  }

  /** What hands a gRPC call or stream on to its service; null when its cluster is none of these. */
  connectGrpc(callout: GrpcCallout): GrpcConnection | null {
    const spec = this.#specs.get(callout.cluster);
    if (spec === undefined) return null;
    try {
      return new GrpcConnection(callout, this.#session(spec), this.#guarded);
    } catch (error) {
      this.#refused(spec, error);
      callout.fail();
      return null;
    }
  }

  /** Names and paths that Envoy sends, and Node does not. */
  #refused({ name }: ServiceSpec, error: unknown): void {
    this.#problem(`a callout to ${name} cannot be sent from here: ${messageOf(error)}`);
  }

  /** Closes the connections. What is under way has been broken off by then. */
  close(): void {
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }

  #session(spec: ServiceSpec): ClientHttp2Session {
    const present = this.#sessions.get(spec.name);
    if (present !== undefined && !present.closed && !present.destroyed) return present;
    const host = isIP(spec.host) === 6 ? `[${spec.host}]` : spec.host;
    const session = connect(`http://${host}:${spec.port}`);
    // Each stream is told by itself.
    session.on("error", () => undefined);
    this.#sessions.set(spec.name, session);
    return session;
  }
}
