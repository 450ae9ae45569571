// The order in which Envoy really makes its callbacks: what docs/life-of-a-request.md prints is what a
// module that logs each of them has seen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { before, test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import type { RunningEnvoy } from "../harness/envoy/process.ts";
import { Guest } from "../sdk/host/testing.ts";
import { packageRoot } from "../sdk/package-root.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";
import { recorder } from "./support/recorder.ts";
import type { Script } from "./support/recorder.ts";
import { TcpClient, tcpServer } from "./support/tcp.ts";

/** What the document prints, by the titles of its blocks. */
const printed = new Map<string, readonly string[]>();

before(() => {
  const text = readFileSync(join(packageRoot(), "docs", "life-of-a-request.md"), "utf8");
  for (const [, title = "", lines = ""] of text.matchAll(/^```callbacks (.+)\n([^`]*)^```$/gm)) {
    assert.ok(!printed.has(title), title);
    printed.set(title, lines.trim().split("\n"));
  }
});

/** That the document prints these lines under this title. */
function compare(title: string, lines: readonly string[]): void {
  assert.deepEqual(lines, printed.get(title), title);
}

const GET = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
const POST =
  "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n";
const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
const CHUNKED_ANSWER =
  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n";

/** What the upstream does with a whole request. */
type Serve = (socket: Socket, request: string) => void;

interface Running {
  readonly envoy: RunningEnvoy;
  readonly port: number;
  /** Waits until a line is logged. */
  readonly until: (line: string) => Promise<void>;
  readonly lines: () => string[];
}

/** An Envoy with the recorder before an upstream, on HTTP or on TCP. */
async function start(
  t: TestContext,
  script: Script,
  serve: Serve,
  more: {
    readonly concurrency?: number;
    readonly tcp?: true;
    readonly bufferLimitBytes?: number;
  } = {},
): Promise<Running> {
  const { concurrency = 1, tcp = false, bufferLimitBytes } = more;
  const upstream = await tcpServer(t, (socket) => {
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      const whole = received.includes("chunked") ? /\r\n0\r\n(?:.+\r\n)*\r\n$/ : /\r\n\r\n$/;
      if (tcp || whole.test(received)) serve(socket, received);
    });
    socket.on("end", () => socket.end());
  });
  const module = join(await temporaryFolder(t), "recorder.wasm");
  await writeFile(module, recorder(script));
  const filters = [{ name: "recorder", module }];
  const envoy = await startEnvoy({
    binary: (await locateEnvoy()).path,
    concurrency,
    bootstrap: bootstrap({
      listeners: tcp
        ? []
        : [
            {
              name: "recorder",
              trailers: true,
              filters,
              upstream: { kind: "cluster", cluster: "upstream" },
              ...(bufferLimitBytes === undefined ? {} : { bufferLimitBytes }),
            },
          ],
      tcpListeners: tcp ? [{ name: "recorder", filters, cluster: "upstream" }] : [],
      clusters: [{ name: "upstream", host: "127.0.0.1", port: upstream }],
    }),
  });
  t.after(() => envoy.stop());
  const lines = (): string[] => envoy.wasmLogs.map(({ text }) => text);
  return {
    envoy,
    port: envoy.port("recorder"),
    lines,
    until: async (line) => {
      while (!lines().includes(line)) await sleep(5);
    },
  };
}

/** The lines of streams, without whose they are. */
const ofStreams = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => (line.startsWith("stream ") ? [line.slice("stream ".length)] : []));

const answer =
  (text: string): Serve =>
  (socket) => {
    socket.write(text);
  };

/** Sends a request, waits for the stream's end, and compares what it saw. */
async function life(
  t: TestContext,
  title: string,
  request: string,
  script: Script,
  serve: Serve,
): Promise<void> {
  const { port, until, lines } = await start(t, script, serve);
  const client = await TcpClient.open(t, port);
  client.send(request);
  await until("stream proxy_on_delete");
  compare(title, ofStreams(lines()));
}

test("a GET, its response and its end come in the order that is printed", async (t) => {
  await life(t, "a GET", GET, {}, answer(ANSWER));
});

test("bodies and trailers come in the order that is printed", async (t) => {
  await life(t, "a POST with a body and trailers", POST, {}, answer(CHUNKED_ANSWER));
});

const LOCAL_RESPONSE = (guest: Guest): string =>
  guest.tell(
    `(call $proxy_send_local_response ${Guest.numbers(403)} ${guest.text("")} ${guest.text("no")} ${guest.text("")} ${Guest.numbers(-1)})`,
  );

test("a local response passes the callbacks of the response, in the order that is printed", async (t) => {
  const script: Script = {
    answers: { proxy_on_request_headers: 1 },
    does: (guest) => ({ proxy_on_request_headers: LOCAL_RESPONSE(guest) }),
  };
  await life(t, "a local response", POST, script, answer(ANSWER));
});

test("an upstream that resets is answered for by Envoy, in the order that is printed", async (t) => {
  await life(t, "an upstream that resets", GET, {}, (socket) => {
    socket.resetAndDestroy();
  });

  const sockets: Socket[] = [];
  const { port, until, lines } = await start(t, {}, (socket) => {
    sockets.push(socket);
    socket.write(ANSWER.slice(0, -2));
  });
  const client = await TcpClient.open(t, port);
  client.send(GET);
  await client.until("hel");
  for (const socket of sockets) socket.resetAndDestroy();
  await until("stream proxy_on_delete");
  compare("an upstream that resets within its response", ofStreams(lines()));
});

test("a client that goes away ends the stream, in the order that is printed", async (t) => {
  const clients: TcpClient[] = [];
  const { port, until, lines } = await start(t, {}, () => {
    for (const { socket } of clients) socket.resetAndDestroy();
  });
  const client = await TcpClient.open(t, port);
  clients.push(client);
  client.send(GET);
  await until("stream proxy_on_delete");
  compare("a client that goes away", ofStreams(lines()));
});

test("a TCP connection lives in the order that is printed", async (t) => {
  const { port, until, lines } = await start(t, {}, answer("bye"), { tcp: true });
  const client = await TcpClient.open(t, port);
  client.send("hi");
  await client.until("bye");
  client.socket.end();
  await until("stream proxy_on_delete");
  compare("a TCP connection", ofStreams(lines()));
});

/** Without whose they are. */
const names = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/^\w+ /, ""));

test("a plugin is tried once, and lives once in each worker and once in Envoy's own thread", async (t) => {
  for (const concurrency of [1, 2]) {
    const { envoy, lines } = await start(t, {}, answer(ANSWER), { concurrency });
    await envoy.stop();
    const trial = printed.get("a plugin on trial") ?? [];
    const all = names(lines());
    // No worker is there yet: nothing comes in between.
    compare("a plugin on trial", all.slice(0, trial.length));
    // The threads' lines mingle: what is the same in each of them is what the numbers say.
    const lived = all.slice(trial.length);
    const each = [...new Set(lived)];
    compare("a plugin in its VM", each);
    for (const line of each) {
      assert.equal(lived.filter((other) => other === line).length, concurrency + 1, line);
    }
  }
});

test("what a stream's end answers counts for nothing", async (t) => {
  await life(t, "a GET", GET, { answers: { proxy_on_done: 0 } }, answer(ANSWER));
});

test("an answer that is reserved goes on", async (t) => {
  const answers = { proxy_on_request_headers: 2, proxy_on_response_headers: 2 };
  await life(t, "a GET", GET, { answers }, answer(ANSWER));
});

/** Continues the request when the plugin is ticked for the first time, soon after `callback`. */
const continuesAfter =
  (callback: string) =>
  (guest: Guest): Record<string, string> => ({
    [callback]: `(drop (call $proxy_set_tick_period_milliseconds (i32.const 20)))`,
    proxy_on_tick: `(drop (call $proxy_set_tick_period_milliseconds (i32.const 0)))
      (drop (call $proxy_set_effective_context (global.get $stream)))
      ${guest.tell("(call $proxy_continue_stream (i32.const 0))")}`,
  });

test("all that is stopped is buffered up to the limit, or slowed down at it", async (t) => {
  const body = "x".repeat(200_000);
  const request = `POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n30d40\r\n${body}\r\n0\r\n\r\n`;
  const more = { bufferLimitBytes: 16 * 1024 };

  const buffered = await start(
    t,
    { answers: { proxy_on_request_headers: 3 } },
    answer(ANSWER),
    more,
  );
  const refused = await TcpClient.open(t, buffered.port);
  refused.send(request);
  await refused.until("Payload Too Large");
  await buffered.until("stream proxy_on_delete");
  assert.match(refused.received, /^HTTP\/1\.1 413 /);
  assert.ok(!buffered.lines().some((line) => line.startsWith("stream proxy_on_request_body")));

  let upstream = 0;
  const slowed = await start(
    t,
    {
      answers: { proxy_on_request_headers: 4 },
      does: continuesAfter("proxy_on_request_headers"),
    },
    (socket, received) => {
      upstream = received.split("x").length - 1;
      socket.write(ANSWER);
    },
    more,
  );
  const served = await TcpClient.open(t, slowed.port);
  served.send(request);
  await served.until("hello");
  assert.match(served.received, /^HTTP\/1\.1 200 /);
  assert.ok(upstream >= body.length, String(upstream));
  const lines = slowed.lines();
  assert.ok(
    lines.indexOf("plugin proxy_on_tick") < lines.indexOf("stream proxy_on_request_body"),
    lines.join(),
  );
});

test("trailers that are held go on when the stream is continued", async (t) => {
  const { port, until, lines } = await start(
    t,
    {
      answers: { proxy_on_request_trailers: 1 },
      does: continuesAfter("proxy_on_request_trailers"),
    },
    answer(ANSWER),
  );
  const client = await TcpClient.open(t, port);
  client.send(POST);
  await client.until("hello");
  await until("stream proxy_on_delete");
  const all = names(lines());
  const tick = all.indexOf("proxy_on_tick");
  assert.ok(all.indexOf("proxy_on_request_trailers") < tick, all.join());
  assert.ok(tick < all.indexOf("proxy_on_response_headers"), all.join());
});

test("a trap costs its stream and each later one of the worker", async (t) => {
  const { port, lines } = await start(
    t,
    { does: () => ({ proxy_on_request_headers: "(unreachable)" }) },
    answer(ANSWER),
  );
  for (let request = 0; request < 3; request++) {
    const client = await TcpClient.open(t, port);
    client.send(GET);
    await client.until("\r\n\r\n");
    assert.match(client.received, /^HTTP\/1\.1 503 /);
  }
  const seen = lines().filter((line) => line.startsWith("stream proxy_on_request_headers"));
  assert.equal(seen.length, 1, "only the first was shown to the filter");
});
