// The upstream behind the filter, in this process: it knows which request of the test it was sent.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestInit } from "../../sdk/host/http/request.ts";
import { echo } from "../../sdk/host/http/upstream.ts";
import type { Upstream, UpstreamResponse } from "../../sdk/host/http/upstream.ts";
import type { ReceivedRequest } from "../../sdk/test-api/api.ts";
import { Incoming } from "./received.ts";
import { startServer, writeAnswer } from "./server.ts";
import type { TestServer } from "./server.ts";

/** A request of the test, which the upstream may be sent. */
export class Expected {
  /** By which it is told apart; null where it was alone when it was sent. */
  readonly id: string | null;
  readonly #upstream: Upstream | undefined;
  #incoming: Incoming | null = null;
  /** What the test's own upstream has thrown. */
  failure: unknown = null;

  constructor(request: RequestInit, id: string | null) {
    this.id = id;
    this.#upstream = request.upstream;
  }

  /** What has arrived of it; null when nothing has. */
  get received(): ReceivedRequest | null {
    return this.#incoming?.soFar() ?? null;
  }

  /** Whether nothing has arrived of it. */
  get missing(): boolean {
    return this.#incoming === null;
  }

  arrive(incoming: Incoming, byDefault: Upstream): Upstream {
    this.#incoming = incoming;
    return this.#upstream ?? byDefault;
  }
}

export class TestUpstream {
  readonly #answer: Upstream;
  readonly #expected = new Set<Expected>();
  #server: TestServer | null = null;
  #settled: () => Promise<void> = () => Promise.resolve();

  private constructor(answer: Upstream | UpstreamResponse) {
    this.#answer = typeof answer === "function" ? answer : () => answer;
  }

  static async start(answer: Upstream | UpstreamResponse = echo): Promise<TestUpstream> {
    const upstream = new TestUpstream(answer);
    upstream.#server = await startServer((request, response) => {
      void upstream.#serve(request, response);
    });
    return upstream;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  /** What is awaited between the chunks of an answer, once there is an Envoy. */
  settleBy(settled: () => Promise<void>): void {
    this.#settled = settled;
  }

  /** Whether some request is under way, so that another needs an id to be told apart. */
  get busy(): boolean {
    return this.#expected.size > 0;
  }

  expect(expected: Expected): void {
    this.#expected.add(expected);
  }

  /** The request is over. */
  forget(expected: Expected): void {
    this.#expected.delete(expected);
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const incoming = new Incoming(request);
    const expected = this.#expectedFor(request.headers["x-request-id"]);
    const answer = expected?.arrive(incoming, this.#answer) ?? this.#answer;
    const received = await incoming.whole;
    try {
      const given = answer(received);
      if (given === null) response.socket?.destroy();
      else await writeAnswer(response, given, this.#settled);
    } catch (error) {
      if (expected !== null) expected.failure = error;
      response.socket?.destroy();
    }
  }

  #expectedFor(id: string | string[] | undefined): Expected | null {
    const missing = [...this.#expected].filter((each) => each.missing);
    // A filter may have changed the id: then it is the first that is still missing.
    return (
      missing.find((each) => each.id === id) ??
      missing.find((each) => each.id === null) ??
      missing[0] ??
      null
    );
  }
}
