import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { ToolError } from "../../sdk/errors.ts";
import { Connection } from "./connection.ts";
import { requestBytes, type BenchRequest } from "./request.ts";
import { listenLocally } from "../traffic/listen.ts";

/** A server that hands each request's bytes, whole, to `answer`. */
async function serve(
  t: TestContext,
  answer: (socket: Socket, request: string, nth: number) => void,
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = "";
    let nth = 0;
    socket.setEncoding("latin1");
    socket.on("error", () => undefined);
    socket.on("data", (chunk: string) => {
      received += chunk;
      for (let end = received.indexOf("\r\n\r\n"); end >= 0; end = received.indexOf("\r\n\r\n")) {
        answer(socket, received.slice(0, end), nth++);
        received = received.slice(end + 4);
      }
    });
  });
  await listenLocally(server);
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const BUSY = "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n";
const REQUEST: BenchRequest = { path: "/x", headers: [["x-a", "b"]] };
const PLAIN = { protocol: "http1", tls: false } as const;

function failed(what: string): ToolError {
  return new ToolError("ERR_FILTER_TRAPPED", `the filter f ${what}`);
}

function open(port: number): Promise<Connection> {
  return Connection.open(failed, { host: "127.0.0.1", port }, REQUEST, PLAIN);
}

test("the request names a host unless it has one", () => {
  assert.equal(
    requestBytes(REQUEST).toString(),
    "GET /x HTTP/1.1\r\nhost: bench.test\r\nx-a: b\r\n\r\n",
  );
  const own = requestBytes({ path: "/", headers: [["Host", "h"]] });
  assert.equal(own.toString(), "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const post = requestBytes({ path: "/", headers: [["host", "h"]], bodyBytes: 3 });
  assert.equal(post.toString(), "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 3\r\n\r\nxxx");
});

test("a burst sends one request after another over one connection, and counts the answers", async (t) => {
  const requests: string[] = [];
  const port = await serve(t, (socket, request, nth) => {
    requests.push(request);
    socket.write(nth % 3 === 2 ? BUSY : OK);
  });
  const connection = await open(port);
  await connection.burst(5);
  await connection.burst(1);
  connection.close();
  assert.deepEqual(requests, new Array(6).fill("GET /x HTTP/1.1\r\nhost: bench.test\r\nx-a: b"));
  assert.deepEqual(
    [...connection.statuses],
    [
      [200, 4],
      [429, 2],
    ],
  );
});

test("without a limit the next request follows the answer until the time is over", async (t) => {
  let answers = 0;
  const port = await serve(t, (socket) => {
    answers++;
    socket.write(OK);
  });
  const connection = await open(port);
  assert.equal(await connection.saturate(20), answers);
  assert.equal(connection.statuses.get(200), answers);
  connection.close();
});

test("a timed burst gives the time of each request", async (t) => {
  const port = await serve(t, (socket, _, nth) => {
    if (nth === 1) setTimeout(() => socket.write(OK), 30);
    else socket.write(OK);
  });
  const connection = await open(port);
  const latencies = await connection.timedBurst(3);
  connection.close();
  assert.equal(latencies.length, 3);
  assert.ok((latencies[1] ?? 0) >= 29 && Math.min(...latencies) > 0);
});

test("at a fixed rate the wait behind a slow answer counts", async (t) => {
  // The first answer comes when a timer of 50 ms has fired; the others at once.
  const port = await serve(t, (socket, _, nth) => {
    if (nth > 0) socket.write(OK);
    else setTimeout(() => socket.write(OK), 50);
  });
  const connection = await open(port);
  const latencies = await connection.paced(5, 1000);
  connection.close();
  assert.equal(latencies.length, 5);
  // Sent at 1 ms intervals, the k-th waits for the first one's answer: 50 - k ms, and is not
  // forgiven for not having been sent. (Whoever counts from the real sending sees almost nothing.)
  for (const [k, latency] of latencies.entries()) {
    assert.ok(latency >= 48 - k, `request ${k} took ${latency} ms`);
  }
});

test("a connection that is closed, refused or answers nonsense names the listener", async (t) => {
  const closing = await serve(t, (socket, _, nth) => {
    if (nth < 2) socket.write(OK);
    else socket.destroy();
  });
  const closed = await open(closing);
  const expected = { name: "ToolError", code: "ERR_FILTER_TRAPPED", message: /^the filter f / };
  await assert.rejects(closed.burst(5), expected);
  await assert.rejects(closed.burst(1), expected, "and stays so");
  await assert.rejects(closed.paced(1, 1000), expected);

  const nonsense = await serve(t, (socket) => socket.write("nonsense\r\n\r\n"));
  const confused = await open(nonsense);
  await assert.rejects(confused.burst(1), expected);
  confused.close();

  const gone = createServer();
  await listenLocally(gone);
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  await assert.rejects(open(port), expected);
});
