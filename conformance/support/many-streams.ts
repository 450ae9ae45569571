// Streams that are all alive at once in one VM, every second one with a callout in flight, and some
// whose client leaves meanwhile: what came of them.
import assert from "node:assert/strict";
import { connect, constants } from "node:http2";
import type { ClientHttp2Session, IncomingHttpHeaders } from "node:http2";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap } from "../../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { startEnvoy } from "../../harness/envoy/process.ts";
import type { RunningEnvoy } from "../../harness/envoy/process.ts";
import { buildFilter } from "./filters.ts";
import { heldService } from "./held-service.ts";
import type { HeldService } from "./held-service.ts";

/** With fewer, no stream of some kind would be among them. */
export const FEWEST = 10;

const STREAMS_A_CONNECTION = 100;

/** Whether the stream of this number makes a callout. */
const asks = (id: number): boolean => id % 2 === 0;
/** Whether its client leaves while the callout is in flight. */
const leaves = (id: number): boolean => id % 10 === 0;

export interface Wave {
  readonly seconds: number;
  /** Streams in the guest, and those that wait for a callout's answer, when all were there. */
  readonly alive: number;
  readonly asking: number;
  /** Streams whose client left before the callouts were answered. */
  readonly left: number;
  /** Streams that got the answer of their own filter, their own callout and the upstream. */
  readonly answered: number;
  /** The guest's pages of 64 KiB at most. */
  readonly pages: number;
}

interface Running {
  readonly envoy: RunningEnvoy;
  readonly upstream: HeldService;
  readonly service: HeldService;
}

async function start(t: TestContext, count: number): Promise<Running> {
  const [upstream, service] = await Promise.all([heldService(t), heldService(t)]);
  const module = await buildFilter(t, "conformance/filters/many-streams.ts");
  const shared = { host: "127.0.0.1", http2: true, maxRequests: count };
  const envoy = await startEnvoy({
    binary: (await locateEnvoy({})).path,
    bootstrap: bootstrap({
      listeners: [
        {
          name: "proxy",
          filters: [{ name: "filter", module }],
          upstream: { kind: "cluster", cluster: "upstream" },
          upstreamTimeoutMs: 0,
        },
      ],
      clusters: [
        { name: "upstream", port: upstream.port, ...shared },
        { name: "service", port: service.port, ...shared },
      ],
    }),
  });
  t.after(() => envoy.stop());
  return { envoy, upstream, service };
}

/** Waits until a gauge of the filter's has this value. */
async function untilGauge(envoy: RunningEnvoy, name: string, value: number): Promise<void> {
  while ((await gauge(envoy, name)) !== value) await sleep(20);
}

async function gauge(envoy: RunningEnvoy, name: string): Promise<number> {
  const line = await envoy.admin(`/stats?filter=^wasmcustom\\.many_streams_${name}$`);
  return Number(line.split(": ")[1]);
}

/** Sends one request; `answer` is the filter's word on it, null when the client has left. */
class Exchange {
  readonly answer: Promise<IncomingHttpHeaders | null>;
  readonly #leave: () => void;

  constructor(
    session: ClientHttp2Session,
    readonly id: number,
  ) {
    const stream = session.request({
      ":path": `/upstream-${id}`,
      "x-id": String(id),
      ...(asks(id) ? { "x-ask": "1" } : {}),
    });
    this.#leave = () => {
      stream.close(constants.NGHTTP2_CANCEL);
    };
    this.answer = new Promise((resolve, reject) => {
      let headers: IncomingHttpHeaders | null = null;
      let body = "";
      stream.setEncoding("latin1");
      stream.on("response", (received) => (headers = received));
      stream.on("data", (chunk: string) => (body += chunk));
      stream.on("error", reject);
      stream.on("close", () => {
        if (headers === null && leaves(id)) resolve(null);
        else if (body === `upstream-${id}`) resolve(headers);
        else reject(new Error(`stream ${id} got ${JSON.stringify(headers)} and ${body}`));
      });
    });
  }

  leave(): void {
    this.#leave();
  }
}

async function wave({ envoy, upstream, service }: Running, count: number): Promise<Wave> {
  const start = performance.now();
  const sessions = Array.from({ length: Math.ceil(count / STREAMS_A_CONNECTION) }, () => {
    const session = connect(`http://127.0.0.1:${envoy.port("proxy")}`);
    session.on("error", () => undefined); // its streams tell
    return session;
  });
  try {
    const exchanges = Array.from(
      { length: count },
      (_, id) => new Exchange(sessions[id % sessions.length] as ClientHttp2Session, id),
    );
    const answers = Promise.all(exchanges.map(({ answer }) => answer));
    /** Waits for it, or throws what a stream says whose answer comes before its time. */
    const unlessBroken = (wanted: Promise<unknown>): Promise<unknown> =>
      Promise.race([wanted, answers]);

    const asking = exchanges.filter(({ id }) => asks(id)).length;
    await unlessBroken(
      Promise.all([upstream.untilHeld(count - asking), service.untilHeld(asking)]),
    );
    const held = { alive: await gauge(envoy, "alive"), asking: await gauge(envoy, "asking") };

    const leaving = exchanges.filter(({ id }) => leaves(id));
    for (const exchange of leaving) exchange.leave();
    await unlessBroken(untilGauge(envoy, "alive", count - leaving.length));
    service.answerAll();
    await unlessBroken(upstream.untilHeld(count - leaving.length));
    upstream.answerAll();

    let answered = 0;
    let pages = 0;
    for (const [id, answer] of (await answers).entries()) {
      if (answer === null) continue;
      assert.equal(answer["x-id"], String(id), "the filter object is that of this stream");
      assert.equal(answer["x-answer"], asks(id) ? `answer-${id}` : "", "and so is its callout");
      pages = Math.max(pages, Number(answer["x-memory-pages"]));
      answered++;
    }
    // Every filter object has been told of its end.
    await Promise.all([untilGauge(envoy, "alive", 0), untilGauge(envoy, "asking", 0)]);
    return {
      seconds: (performance.now() - start) / 1000,
      ...held,
      left: leaving.length,
      answered,
      pages,
    };
  } finally {
    for (const session of sessions) session.destroy();
  }
}

/** Makes three waves of so many streams in one VM. Rejects at the first wrong answer. */
export async function manyStreams(t: TestContext, count: number): Promise<readonly Wave[]> {
  const running = await start(t, count);
  const waves: Wave[] = [];
  while (waves.length < 3) waves.push(await wave(running, count));
  return waves;
}

/** What must hold of them, however many there were. */
export function assertManyStreams(waves: readonly Wave[], count: number): void {
  for (const each of waves) {
    assert.equal(each.alive, count);
    assert.equal(each.asking, Math.ceil(count / 2));
    assert.equal(each.left + each.answered, count);
  }
  // In the second, what the first has left may not have been collected yet; from then on it is flat.
  const [, second, third] = waves;
  assert.equal(third?.pages, second?.pages, "memory grew in the third wave");
}
