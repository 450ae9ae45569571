// A filter that does all that busy filters do, under load, and what came of it.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { buildFilter, proxyFor } from "./filters.ts";
import { sendLoad } from "./load.ts";
import { rawUpstream } from "./raw-upstream.ts";

const CONNECTIONS = 64;
const WORKERS = 2;

export interface Soaked {
  readonly seconds: number;
  /** Responses with 200 that carried their own request's id and its callout's answer. */
  readonly answered: number;
  /** The last request's number of all that the workers counted together in shared data. */
  readonly counted: number;
  /** The guest's pages of 64 KiB at most: while it warmed up, and after. */
  readonly pages: { readonly first: number; readonly rest: number };
}

function response(body: string): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`, "latin1");
}

function request(index: number): string {
  const body = JSON.stringify({
    id: index,
    user: { name: `user ${index % 1000}`, roles: ["reader", "writer"] },
    note: "n".repeat(index % 300),
  });
  const padding = "p".repeat(index % 200);
  return (
    `POST /orders/${index} HTTP/1.1\r\nhost: example\r\nx-id: ${index}\r\nx-padding: ${padding}\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  );
}

/** Sends so many requests; `warmUp` of them are the first. Rejects at the first wrong answer. */
export async function soak(t: TestContext, requests: number, warmUp: number): Promise<Soaked> {
  const upstreamPort = await rawUpstream(t, () => response("done"));
  const servicePort = await rawUpstream(t, (head) =>
    response(`{"checked":${/^GET \/(\d+) /.exec(head)?.[1] ?? "-1"}}`),
  );
  const proxy = await proxyFor(
    t,
    { module: await buildFilter(t, "conformance/filters/soak.ts") },
    {
      upstreamPort,
      clusters: [{ name: "service", host: "127.0.0.1", port: servicePort }],
      concurrency: WORKERS,
    },
  );
  const pages = { first: 0, rest: 0 };
  let answered = 0;
  let counted = 0;
  const start = performance.now();
  await sendLoad({
    port: proxy.port,
    requests,
    connections: CONNECTIONS,
    request,
    onResponse: (head, index) => {
      const header = (name: string): number =>
        Number(new RegExp(`\r\n${name}: (\\d+)`).exec(head)?.[1]);
      assert.ok(head.startsWith("HTTP/1.1 200 "), head);
      assert.equal(header("x-checked"), index, "the callout's answer is that of this request");
      counted = Math.max(counted, header("x-seen"));
      const part = answered < warmUp ? "first" : "rest";
      pages[part] = Math.max(pages[part], header("x-memory-pages"));
      answered++;
    },
  });
  return { seconds: (performance.now() - start) / 1000, answered, counted, pages };
}

/** What must hold of them, however many there were. */
export function assertSoaked(soaked: Soaked, requests: number): void {
  assert.equal(soaked.answered, requests);
  assert.equal(soaked.counted, requests, "no worker's count was lost");
  assert.equal(soaked.pages.rest, soaked.pages.first, "memory grew after the warm-up");
}
