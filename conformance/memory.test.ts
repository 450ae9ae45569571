import assert from "node:assert/strict";
import { test } from "node:test";
import { buildFilter, proxyFor } from "./support/filters.ts";
import { sendLoad } from "./support/load.ts";
import { rawUpstream } from "./support/raw-upstream.ts";

const REQUESTS = 60_000;
const CONNECTIONS = 64;

test(`guest memory stays flat over ${REQUESTS} requests on ${CONNECTIONS} connections`, async (t) => {
  const upstreamPort = await rawUpstream(
    t,
    Buffer.from(
      "HTTP/1.1 200 OK\r\nserver: raw\r\nx-value: some value\r\ncontent-length: 2\r\n\r\nok",
    ),
  );
  const proxy = await proxyFor(
    t,
    { module: await buildFilter(t, "conformance/filters/rewrite.ts") },
    { upstreamPort },
  );
  /** The guest's pages of 64 KiB, as the first and the second half of the run saw them. */
  const pages = [0, 0];
  let answered = 0;
  await sendLoad({
    port: proxy.port,
    requests: REQUESTS,
    connections: CONNECTIONS,
    request: (index) =>
      `GET /${index} HTTP/1.1\r\nhost: example\r\nx-a: ${"a".repeat(index % 200)}\r\nx-b: \x80\xff\r\nx-a: ${index}\r\n\r\n`,
    onResponse: (head, index) => {
      assert.ok(head.startsWith("HTTP/1.1 200 "), head);
      assert.match(head, /\r\nx-failures: 0\r\n/);
      const half = index < REQUESTS / 2 ? 0 : 1;
      pages[half] = Math.max(pages[half] ?? 0, Number(/\r\nx-memory-pages: (\d+)/.exec(head)?.[1]));
      answered++;
    },
  });
  assert.equal(answered, REQUESTS);
  assert.equal(pages[1], pages[0], "the second half needs no more memory than the first");
  assert.ok((pages[1] ?? 0) <= 6, `${pages[1] ?? 0} pages`);
});
