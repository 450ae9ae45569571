import assert from "node:assert/strict";
import { connect } from "node:http2";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { RunningEnvoy } from "../harness/envoy/process.ts";
import { request } from "../harness/traffic/client.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import type { RawResponse } from "../harness/traffic/response.ts";
import { bodyUpstream, sha256 } from "./support/body-upstream.ts";
import type { Answer, Sent } from "./support/body-upstream.ts";
import { CHUNKED, chunked } from "./support/chunked.ts";
import { BUILDS, buildFilter } from "./support/filters.ts";
import { envoyWith } from "./support/listeners.ts";

const FILTER = "conformance/filters/bodies.ts";
const MIB = 1024 * 1024;

const latin1 = (text: string): string => Buffer.from(text).toString("latin1");
const utf8 = (text: string): string => Buffer.from(text, "latin1").toString("utf8");

type Headers = Readonly<Record<string, string>>;

/** An Envoy with all the filters of the file, each on a listener of its name. */
async function start(t: TestContext, module: string): Promise<RunningEnvoy> {
  const filter = (rootId: string) => ({ name: rootId, module, rootId, vmId: "bodies" });
  return envoyWith(t, await bodyUpstream(t), [
    { name: "bodies", trailers: true, filters: [filter("bodies")] },
    { name: "shared", filters: [filter("shared")] },
    { name: "headers-last", filters: [filter("headers-last")] },
    { name: "no-trailers", filters: [filter("bodies")] },
    {
      name: "stop-all",
      filters: [{ ...filter("headers-last"), vmId: "strict", allowOnHeadersStopIteration: false }],
    },
    { name: "large", filters: [filter("bodies")], bufferLimitBytes: 64 * MIB },
    { name: "small", filters: [filter("bodies")], bufferLimitBytes: 16 * 1024 },
    { name: "small-headers-last", filters: [filter("headers-last")], bufferLimitBytes: 16 * 1024 },
    { name: "two", filters: [{ ...filter("shared"), name: "one" }, filter("shared")] },
  ]);
}

const sentIn = (response: RawResponse): Sent => JSON.parse(response.body.toString()) as Sent;

for (const [how, stress] of BUILDS) {
  test(`bodies are read and written exactly (${how})`, async (t) => {
    const envoy = await start(t, await buildFilter(t, FILTER, stress));
    const port = envoy.port("bodies");
    const send = async (what: string, body: string | Buffer): Promise<Sent> => {
      const response = await request({ port, method: "POST", path: `/request/${what}`, body });
      assert.equal(response.status, 200, what);
      return sentIn(response);
    };
    const receive = async (what: string, answer: Answer): Promise<RawResponse> => {
      const headers = [["x-answer", JSON.stringify(answer)]] as const;
      const response = await request({ port, path: `/response/${what}`, headers });
      assert.equal(response.status, 200, what);
      return response;
    };
    const expected: readonly (readonly [what: string, body: string])[] = [
      ["whole-report", "7|hällo!|68c3a46c6c6f21|c3a4|68|21|0|0"],
      ["whole-replace", "ünïcödé 7"],
      ["whole-replace-bytes", "\0binary"],
      ["whole-append", "hällo!<ü7"],
      ["whole-append-bytes", "hällo!\0<"],
      ["whole-prepend", "7ü>hällo!"],
      ["whole-prepend-bytes", ">\0hällo!"],
      ["whole-clear", ""],
      ["whole-drain", "\ufffdllo!"],
      ["whole-drain-nothing", "hällo!"],
      ["whole-drain-all", ""],
      ["whole-sizes", "10,12,14,11,11=123456789ab,0,0="],
      ["drop", ""],
      ["slow", "hällo!"],
      ["continue", "hällo!"],
    ];
    for (const [what, text] of expected) {
      await t.test(`request: ${what}`, async () => {
        const sent = await send(what, "hällo!");
        assert.equal(utf8(sent.text ?? ""), text);
        assert.equal(sent.headers["content-length"], undefined);
      });
      await t.test(`response: ${what}`, async () => {
        const response = await receive(what, { chunk: latin1("hällo!"), times: 1 });
        assert.equal(response.body.toString(), text);
      });
    }
    const stats = await envoy.stats(/^wasmcustom\.bodies_/);
    assert.deepEqual(Object.fromEntries(stats), {
      "wasmcustom.bodies_refused": 0,
      "wasmcustom.bodies_late": 0,
    });
  });
}

test("bodies of every form and size", async (t) => {
  const envoy = await start(t, await buildFilter(t, FILTER));
  const port = envoy.port("bodies");
  const post = (path: string, body: string | Buffer, more: object = {}): Promise<RawResponse> =>
    request({ port, method: "POST", path, body, ...more });
  const get = (path: string, answer: Answer, more: object = {}): Promise<RawResponse> =>
    request({ port, path, headers: [["x-answer", JSON.stringify(answer)]], ...more });

  await t.test("a chunked request of single bytes arrives whole", async () => {
    const text = "0123456789".repeat(50);
    for (const what of ["continue", "slow", "whole-append"]) {
      const response = await post(`/request/${what}`, chunked(Array.from(text)), {
        headers: CHUNKED,
      });
      const added = what === "whole-append" ? `<ü${text.length}` : "";
      assert.equal(utf8(sentIn(response).text ?? ""), text + added, what);
    }
  });

  await t.test("a chunked request without a byte has a body, which is empty", async () => {
    const options = { headers: CHUNKED };
    const response = await post("/request/whole-append", chunked([]), options);
    assert.equal(utf8(sentIn(response).text ?? ""), "<ü0");
    const cleared = await post("/request/whole-clear", chunked([]), options);
    assert.equal(sentIn(cleared).size, 0);
  });

  await t.test("a request that ends with its headers has none", async () => {
    assert.equal(sentIn(await post("/request/append", "")).size, 0);
    const none = await post("/request/append", "", { headers: [["content-length", "0"]] });
    assert.equal(sentIn(none).size, 0);
  });

  await t.test("a response without a byte has a body where it is chunked, else none", async () => {
    const empty = await get("/response/whole-append", { chunk: "", times: 0 });
    assert.equal(empty.body.toString(), "<ü0");
    const none = await get("/response/append", { chunk: "", times: 0, contentLength: true });
    assert.equal(none.body.length, 0);
    const head = await get(
      "/response/append",
      { chunk: "x", times: 1, contentLength: true },
      { method: "HEAD" },
    );
    assert.equal(head.status, 200);
  });

  await t.test("a body of 16 MiB streams through in both directions", async () => {
    const large = Buffer.alloc(16 * MIB, "0123456789abcde");
    const sent = sentIn(await post("/request/continue", large));
    assert.deepEqual([sent.size, sent.sha256], [large.length, sha256(large)]);
    const response = await get("/response/continue", { chunk: "x".repeat(1000), times: 16_000 });
    assert.equal(sha256(response.body), sha256("x".repeat(16_000_000)));
  });

  await t.test("a body is replaced by one of 16 MiB in both directions", async () => {
    const large = sha256("0123456789abcdef".repeat(MIB));
    const options = { port: envoy.port("large") };
    assert.equal(sentIn(await post("/request/whole-large", "small", options)).sha256, large);
    const response = await get("/response/whole-large", { chunk: "small", times: 1 }, options);
    assert.equal(sha256(response.body), large);
    const limited = await post("/request/whole-large", "small");
    assert.equal(limited.status, 413, "what a filter writes counts for Envoy's limit too");
  });

  await t.test("a long text that is no Unicode goes out as U+FFFD", async () => {
    const sent = sentIn(await post("/request/whole-lone-surrogates", "x"));
    assert.equal(sent.text === undefined, true);
    assert.deepEqual([sent.size, sent.sha256], [210_000, sha256("\ufffd".repeat(70_000))]);
  });

  await t.test("beyond Envoy's buffer limit a held request gets 413", async () => {
    const body = "x".repeat(100_000);
    const small = envoy.port("small");
    for (const form of [
      { body },
      { body: chunked(Array.from({ length: 100 }, () => "x".repeat(1000))), headers: CHUNKED },
    ]) {
      const held = await request({
        port: small,
        method: "POST",
        path: "/request/whole-append",
        ...form,
      });
      assert.equal(held.status, 413);
    }
    const passed = await request({ port: small, method: "POST", path: "/request/continue", body });
    assert.equal(sentIn(passed).size, body.length, "what is not held is not limited");
  });

  await t.test("beyond Envoy's buffer limit a held response breaks off, or is a 500", async () => {
    const headers = [
      ["x-answer", JSON.stringify({ chunk: "x".repeat(1000), times: 100 })],
    ] as const;
    const broken = request({ port: envoy.port("small"), path: "/response/whole-append", headers });
    await assert.rejects(broken, /closed within the response/);
    const unsent = await request({ port: envoy.port("small-headers-last"), headers });
    assert.equal(unsent.status, 500);
  });

  await t.test("content-length that is left as it was breaks a changed body", async () => {
    const path = "/request/keep-length/append";
    const longer = await post(path, "hello", { timeout: 10_000 });
    // The upstream took the rest for a request of its own.
    assert.notEqual(longer.body.toString("latin1").includes("hello<"), true);
    const same = await post("/request/keep-length/continue", "hello");
    assert.deepEqual([sentIn(same).text, sentIn(same).headers["content-length"]], ["hello", "5"]);
  });

  await t.test("headers that wait for the body can tell of it, and have its length", async () => {
    const options = { port: envoy.port("headers-last"), method: "POST" };
    for (const form of [{ body: "hello" }, { body: chunked(["he", "llo"]), headers: CHUNKED }]) {
      const response = await request({ ...options, ...form });
      const { text, headers } = sentIn({
        ...response,
        body: response.body.subarray(0, response.body.length - 1),
      });
      assert.equal(text, "hellohello");
      assert.equal(headers["x-body"], "hello");
      assert.equal(headers["content-length"], "10");
      assert.equal(response.body.at(-1), 0x21);
      assert.deepEqual(valuesOf(response, "x-size"), [String(response.body.length - 1)]);
      assert.deepEqual(valuesOf(response, "content-length"), [String(response.body.length)]);
    }
    assert.equal((await request({ port: options.port })).status, 200, "without a body");
  });

  await t.test("without allow_on_headers_stop_iteration the body never comes", async () => {
    const waiting = request({
      port: envoy.port("stop-all"),
      method: "POST",
      body: "hello",
      timeout: 300,
    });
    await assert.rejects(waiting, /no complete response in 300 ms/);
  });

  await t.test(
    "one object serves the bodies of all streams where the filter is shared",
    async () => {
      const shared = envoy.port("shared");
      const responses = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          request({ port: shared, method: "POST", body: `body ${index}` }),
        ),
      );
      for (const [index, response] of responses.entries()) {
        const text = response.body.toString();
        assert.ok(text.endsWith("[answered]"));
        assert.equal(
          (JSON.parse(text.replace("[answered]", "")) as Sent).text,
          `body ${index}[sent]`,
        );
      }
    },
  );

  await t.test("a second filter sees what the first one made of a body", async () => {
    const response = await request({ port: envoy.port("two"), method: "POST", body: "x" });
    const text = response.body.toString();
    assert.ok(text.endsWith("[answered][answered]"), text);
    assert.match(text, /"text":"x\[sent\]\[sent\]"/);
  });

  await t.test("trailers of chunked HTTP/1.1 are read and written both ways", async () => {
    const body = chunked(["ab", "cd"], "x-t: 1\r\nx-removed: 1\r\n");
    const response = await post("/request/whole-continue", body, { headers: CHUNKED });
    const { text, trailers } = sentIn(response);
    assert.equal(text, "abcd");
    assert.deepEqual(trailers, ["x-t", "1", "x-size", "14", "x-names", "3:1"]);
    const answer = { chunk: "abcd", times: 1, trailers: { "x-t": "1", "x-removed": "1" } };
    const other = await get("/response/whole-continue", answer);
    assert.equal(other.body.toString(), "abcd");
    assert.match(other.raw.toString(), /\r\n0\r\nx-t: 1\r\nx-size: 14\r\nx-names: 3:1\r\n\r\n$/);
  });

  await t.test("a trailer is added behind a response that has none", async () => {
    for (const what of ["trailer", "whole-trailer"]) {
      const response = await get(`/response/${what}`, { chunk: "ab", times: 2 });
      assert.equal(response.body.toString(), "abab");
      assert.match(response.raw.toString(), /\r\n0\r\nx-added: ü\r\n\r\n$/);
    }
  });

  await t.test("Envoy drops trailers of HTTP/1.1 unless they are enabled", async () => {
    const { text, trailers } = sentIn(
      await post("/request/continue", chunked(["ab"], "x-t: 1\r\n"), {
        port: envoy.port("no-trailers"),
        headers: CHUNKED,
      }),
    );
    assert.deepEqual([text, trailers], ["ab", []]);
  });

  await t.test("bodies and trailers of HTTP/2 are read and written both ways", async () => {
    const session = connect(`http://127.0.0.1:${port}`);
    t.after(() => {
      session.destroy();
    });
    const stream = session.request(
      { ":method": "POST", ":path": "/request/whole-append" },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => {
      stream.sendTrailers({ "x-t": "1" });
    });
    stream.end("hällo!");
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const { text, trailers } = JSON.parse(Buffer.concat(chunks).toString()) as Sent;
    // Trailers end the body: no part of it is its last, so this filter adds nothing.
    assert.equal(utf8(text ?? ""), "hällo!");
    assert.deepEqual(trailers, ["x-t", "1", "x-size", "4", "x-names", "2:1"]);
    const answer = { chunk: "abcd", times: 1, trailers: { "x-t": "1", "x-removed": "1" } };
    const other = session.request({
      ":path": "/response/continue",
      "x-answer": JSON.stringify(answer),
    });
    const received = new Promise((resolve) => other.on("trailers", resolve));
    other.resume();
    const { "x-t": one, "x-size": size, "x-names": names } = (await received) as Headers;
    assert.deepEqual([one, size, names], ["1", "14", "3:1"]);
    session.close();
  });

  const stats = await envoy.stats(/^wasmcustom\.bodies_/);
  assert.deepEqual(Object.fromEntries(stats), {
    "wasmcustom.bodies_refused": 0,
    "wasmcustom.bodies_late": 0,
  });
});
