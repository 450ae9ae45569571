// Search and replace in bodies that come in parts, in a real Envoy.
import assert from "node:assert/strict";
import { createServer, get, request as httpRequest } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { request } from "../harness/traffic/client.ts";
import { bodyUpstream, sha256 } from "./support/body-upstream.ts";
import type { Sent } from "./support/body-upstream.ts";
import { BUILDS, buildFilter } from "./support/filters.ts";
import { envoyWith } from "./support/listeners.ts";
import { listenLocally } from "../harness/traffic/listen.ts";

const FILTER = "conformance/filters/replacer.ts";

const TEXT =
  ". a needle, needless: needneedle http://internal.example/ http://internal.exam needles";

/** What the filter replaces. */
const NEEDLES: ReadonlyMap<string, string> = new Map([
  ["needless", "[useless]"],
  ["needle", "[pin]"],
  ["http://internal.example", "https://www.example"],
]);

/** What the filter makes of a text. */
function replaced(text: string): string {
  const expression = new RegExp([...NEEDLES.keys()].join("|"), "g");
  return text.replace(expression, (needle) => NEEDLES.get(needle) ?? "");
}

/** What can go on of the start of a text: all before what may be the start of a needle. */
function released(start: string): string {
  let at = 0;
  const mayGrow = (end: string): boolean =>
    [...NEEDLES.keys()].some((needle) => needle !== end && needle.startsWith(end));
  while (at < start.length && !mayGrow(start.slice(at))) at++;
  return replaced(start.slice(0, at));
}

/** An upstream that answers with a body in two parts; the second is not sent before `goOn`. */
class TwoParts {
  #response: ServerResponse | undefined;
  #second = "";

  async start(t: TestContext): Promise<number> {
    const server = createServer((incoming, response) => {
      const cut = Number(incoming.url?.slice(1));
      this.#response = response;
      this.#second = TEXT.slice(cut);
      response.write(TEXT.slice(0, cut));
    });
    await listenLocally(server);
    t.after(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }

  goOn(): void {
    this.#response?.end(this.#second);
  }
}

for (const [how, stress] of BUILDS) {
  test(`a needle is found wherever a response is cut in two (${how})`, async (t) => {
    const module = await buildFilter(t, FILTER, stress);
    const upstream = new TwoParts();
    const listener = { name: "replacer", filters: [{ name: "replacer", module }] };
    const envoy = await envoyWith(t, await upstream.start(t), [listener]);
    const url = `http://127.0.0.1:${envoy.port("replacer")}`;
    // The text begins with what no needle has, so that something always comes out of the first part.
    for (let cut = 1; cut <= TEXT.length; cut++) {
      const [first, whole] = await new Promise<[first: string, whole: string]>(
        (resolve, reject) => {
          const parts: string[] = [];
          get(`${url}/${cut}`, { agent: false }, (response) => {
            response.setEncoding("latin1");
            response.once("data", () => {
              upstream.goOn();
            });
            response.on("data", (part: string) => parts.push(part));
            response.on("end", () => {
              resolve([parts[0] ?? "", parts.join("")]);
            });
            response.on("error", reject);
          }).on("error", reject);
        },
      );
      assert.equal(whole, replaced(TEXT), `cut at ${cut}`);
      assert.equal(first, released(TEXT.slice(0, cut)), `what came before the cut at ${cut}`);
    }
  });
}

test("bodies of a megabyte, cut as the network cuts them", async (t) => {
  const module = await buildFilter(t, FILTER);
  const listener = { name: "replacer", filters: [{ name: "replacer", module }] };
  const envoy = await envoyWith(t, await bodyUpstream(t), [listener]);
  const port = envoy.port("replacer");
  const body = TEXT.repeat(13_000);
  const sent = await request({ port, method: "POST", body });
  const { size, sha256: hash } = JSON.parse(sent.body.toString()) as Sent;
  assert.deepEqual([size, hash], [replaced(body).length, sha256(replaced(body))]);
  const answer = JSON.stringify({ chunk: TEXT, times: 13_000 });
  const received = await request({ port, headers: [["x-answer", answer]] });
  assert.equal(sha256(received.body), sha256(replaced(body)));
});

test("where trailers end a body, what may have been the start of a needle goes on too", async (t) => {
  const module = await buildFilter(t, "conformance/filters/body-replacer.ts");
  const filters = [{ name: "body-replacer", module }];
  const listener = { name: "replacer", trailers: true, filters };
  const envoy = await envoyWith(t, await bodyUpstream(t), [listener]);
  const port = envoy.port("replacer");
  const get = (chunk: string, times: number, trailers = { "x-t": "1" }) =>
    request({ port, headers: [["x-answer", JSON.stringify({ chunk, times, trailers })]] });

  await t.test("a response", async () => {
    for (const [chunk, times] of [
      ["a nee", 1],
      ["needl", 3],
      ["x needle nee", 2],
      ["a needle, needless.", 3],
      [`${"x".repeat(1000)}http://inter`, 1],
    ] as const) {
      const { body, raw } = await get(chunk, times);
      assert.equal(body.toString(), replaced(chunk.repeat(times)));
      assert.match(raw.toString(), /\r\n0\r\nx-t: 1\r\n\r\n$/);
    }
  });

  await t.test("a request, whose parts come one by one", async () => {
    for (let cut = 1; cut <= TEXT.length; cut++) {
      const sent = await new Promise<Sent>((resolve, reject) => {
        const headers = { trailer: "x-t" };
        const outgoing = httpRequest({ port, method: "POST", headers }, (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("end", () => {
            resolve(JSON.parse(Buffer.concat(parts).toString()) as Sent);
          });
        });
        outgoing.on("error", reject);
        outgoing.addTrailers({ "x-t": "1" });
        outgoing.write(TEXT.slice(0, cut), () => {
          setImmediate(() => outgoing.end(TEXT.slice(cut)));
        });
      });
      assert.equal(sent.text, replaced(TEXT), `cut at ${cut}`);
      assert.deepEqual(sent.trailers, ["x-t", "1"]);
    }
  });

  await t.test("what would have to wait beyond the limit is refused", async () => {
    const tooMuch = `${"x".repeat(2001)}nee`;
    const status = await new Promise((resolve, reject) => {
      const outgoing = httpRequest({ port, method: "POST" }, (response) => {
        resolve(response.statusCode);
        outgoing.destroy();
      });
      outgoing.on("error", reject);
      outgoing.write(tooMuch);
    });
    assert.equal(status, 413);
    // The response's headers have gone on.
    await assert.rejects(get(tooMuch, 1), /the connection was closed within the response/);
  });
});
