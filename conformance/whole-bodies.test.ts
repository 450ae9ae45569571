import assert from "node:assert/strict";
import { test } from "node:test";
import { request } from "../harness/traffic/client.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import type { RawResponse } from "../harness/traffic/response.ts";
import { bodyUpstream, sha256 } from "./support/body-upstream.ts";
import type { Sent } from "./support/body-upstream.ts";
import { CHUNKED, chunked } from "./support/chunked.ts";
import { BUILDS, buildFilter } from "./support/filters.ts";
import { envoyWith } from "./support/listeners.ts";

const MIB = 1024 * 1024;

const sentIn = (response: RawResponse): Sent => JSON.parse(response.body.toString()) as Sent;
const header = (response: RawResponse, name: string): string | undefined =>
  valuesOf(response, name)[0];

for (const [how, stress] of BUILDS) {
  test(`a body is held up to a limit, and handed over once (${how})`, async (t) => {
    const module = await buildFilter(t, "conformance/filters/whole-bodies.ts", stress);
    const filters = [{ name: "whole", module }];
    const envoy = await envoyWith(t, await bodyUpstream(t), [
      { name: "whole", filters, trailers: true },
      { name: "large", filters, bufferLimitBytes: 32 * MIB },
    ]);
    const send = (path: string, body: string | Buffer, more: object = {}): Promise<RawResponse> =>
      request({ port: envoy.port("whole"), method: "POST", path, body, ...more });
    const answered = (path: string, size: number, more: object = {}): Promise<RawResponse> => {
      const answer = { chunk: "x".repeat(10), times: size / 10 };
      return send(path, "", { headers: [["x-answer", JSON.stringify(answer)]], ...more });
    };

    await t.test("whole, in one part or in many", async () => {
      for (const form of [
        chunked(["hello"]),
        chunked(Array.from("hello")),
        chunked(["he", "llo"]),
      ]) {
        const response = await send("/100/", form, { headers: CHUNKED });
        assert.equal(sentIn(response).text, "whole:true:hello");
        assert.equal(header(response, "x-times"), "1");
        assert.equal(header(response, "x-passed"), "none");
        assert.equal(sentIn(response).headers["x-held-early"], undefined);
      }
      assert.equal(sentIn(await send("/5/", "hello")).text, "whole:true:hello");
    });

    await t.test("an empty body too, and none where there is none", async () => {
      const empty = await send("/100/", chunked([]), { headers: CHUNKED });
      assert.equal(sentIn(empty).text, "whole:true:");
      assert.equal(header(await send("/100/", ""), "x-times"), "0");
    });

    await t.test("before the trailers that end it", async () => {
      const body = chunked(["he", "llo"], "x-t: 1\r\n");
      const { text, trailers } = sentIn(await send("/100/", body, { headers: CHUNKED }));
      assert.equal(text, "whole:true:hello");
      assert.deepEqual(trailers, ["x-t", "1", "x-times", "1"]);
    });

    await t.test("with headers that wait for it", async () => {
      const response = await send("/100/headers-last", "hello");
      assert.equal(sentIn(response).text, "whole:true:hello");
    });

    await t.test("the request can be refused for it", async () => {
      const response = await send("/100/refuse", "hello");
      assert.deepEqual([response.status, response.body.toString()], [422, "hello"]);
    });

    await t.test("one beyond the limit is refused, unless the filter lets it pass", async () => {
      for (const body of ["sixsix", "x".repeat(100_000)]) {
        const refused = await send("/5/", body);
        assert.deepEqual([refused.status, refused.body.toString()], [413, "Payload Too Large"]);
        assert.equal(header(refused, "x-times"), "0");
        const passed = await send("/5/pass", body);
        assert.equal(sentIn(passed).text ?? "long", body.length < 100_000 ? body : "long");
        assert.equal(sentIn(passed).size, body.length);
        assert.equal(header(passed, "x-times"), "0");
      }
      const none = await send("/0/", "x");
      assert.equal(none.status, 413, "the limit can be 0");
    });

    await t.test("a callout can change it while it is held", async () => {
      for (const form of [chunked(["hello"]), chunked(["he", "llo"], "x-t: 1\r\n")]) {
        const response = await send("/100/ask", form, { headers: CHUNKED });
        assert.equal(sentIn(response).text, "asked:200:hello");
        assert.equal(header(response, "x-times"), "1");
      }
    });

    await t.test("of a response, with the same choices", async () => {
      assert.equal((await answered("/100/response-", 50)).body.toString(), "whole:50");
      assert.equal((await answered("/100/response-", 0)).body.toString(), "whole:0");
      const trailer = await answered("/100/response-trailer", 50);
      assert.match(trailer.raw.toString(), /whole:50\r\n0\r\nx-added: 1\r\n\r\n$/);
      const asked = await answered("/100/response-ask", 50);
      assert.equal(asked.body.toString(), `asked:200:${"x".repeat(50)}`);
      const refused = await answered("/40/response-headers-last", 50);
      assert.deepEqual([refused.status, refused.body.toString()], [500, "Internal Server Error"]);
      await assert.rejects(answered("/40/response-", 50), /closed within the response/);
    });

    await t.test("of 16 MiB, where Envoy's own limit lets it", async () => {
      const body = Buffer.alloc(16 * MIB, "0123456789abcde");
      const path = `/${16 * MIB}/flip`;
      const sent = sentIn(await send(path, body, { port: envoy.port("large") }));
      assert.equal(sent.sha256, sha256(body.map((byte) => byte ^ 0xff)));
      const limited = await send(path, body.subarray(0, 2 * MIB));
      assert.equal(limited.status, 413, "Envoy's own");
      assert.equal(header(limited, "x-times"), "0");
    });
  });
}
