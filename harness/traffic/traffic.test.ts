import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { request } from "./client.ts";
import { startEcho } from "./echo.ts";
import type { Echo } from "./echo.ts";
import { parseResponse, valuesOf } from "./response.ts";

test("the echo answers method, path, headers in order byte for byte, and the body", async () => {
  await using echo = await startEcho();
  const answer = await request({
    port: echo.port,
    method: "PUT",
    path: "/a/b?c=d",
    headers: [
      ["X-Twice", "1"],
      ["x-twice", "2"],
      ["x-empty", ""],
      ["x-bytes", Buffer.from([0xff, 0xc0, 0xaf, 0x80])],
    ],
    body: Buffer.from("grüße"),
  });
  assert.equal(answer.status, 200);
  const seen = JSON.parse(answer.body.toString()) as Echo;
  assert.deepEqual(seen, {
    method: "PUT",
    path: "/a/b?c=d",
    headers: [
      ["host", `127.0.0.1:${echo.port}`],
      ["content-length", "7"],
      ["X-Twice", "1"],
      ["x-twice", "2"],
      ["x-empty", ""],
      ["x-bytes", "\xff\xc0\xaf\x80"],
    ],
    body: "grüße",
  });
});

test("a body that is no UTF-8 is echoed in base64 too", async () => {
  await using echo = await startEcho();
  const answer = await request({
    port: echo.port,
    method: "POST",
    body: Buffer.from([0xff, 0x00]),
  });
  assert.equal((JSON.parse(answer.body.toString()) as Echo).bodyBase64, "/wA=");
});

test("thousands of headers and megabytes of them come through the echo", async () => {
  await using echo = await startEcho();
  const headers = Array.from({ length: 4000 }, (_, at): [string, string] => [
    `x-${at}`,
    "v".repeat(1000),
  ]);
  const answer = await request({ port: echo.port, headers });
  const seen = JSON.parse(answer.body.toString()) as Echo;
  assert.deepEqual(seen.headers.slice(1), headers);
});

/** Reads a response byte by byte: it must be incomplete until the last byte, and whole then. */
function readWhole(text: string, method = "GET"): ReturnType<typeof parseResponse> {
  const raw = Buffer.from(text, "latin1");
  for (let length = 0; length < raw.length; length++) {
    assert.equal(
      parseResponse(raw.subarray(0, length), method, false),
      null,
      `complete after ${length} bytes`,
    );
  }
  return parseResponse(raw, method, false);
}

test("a response with a length is complete with its last byte", () => {
  const response = readWhole(
    "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nx-a: \xff\r\nX-A:\r\n\r\nabc",
  );
  assert.equal(response?.status, 404);
  assert.equal(response.body.toString(), "abc");
  assert.deepEqual(valuesOf(response, "x-a"), ["\xff", ""]);
});

test("a chunked response is complete with its last chunk, extensions and trailers included", () => {
  const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  assert.equal(
    readWhole(`${head}3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n`)?.body.toString(),
    "abc0123456789",
  );
  assert.equal(readWhole(`${head}1\r\n\n\r\n0\r\nx-trailer: 1\r\n\r\n`)?.body.toString(), "\n");
});

test("responses without a body end with their headers, after informational ones", () => {
  assert.equal(readWhole("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n", "HEAD")?.body.length, 0);
  assert.equal(readWhole("HTTP/1.1 204 No Content\r\n\r\n")?.status, 204);
  assert.equal(
    readWhole("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n")?.status,
    304,
  );
});

test("a response without a length lasts until the connection ends", () => {
  const raw = Buffer.from("HTTP/1.0 200 OK\r\n\r\nabc");
  assert.equal(parseResponse(raw, "GET", false), null);
  assert.equal(parseResponse(raw, "GET", true)?.body.toString(), "abc");
});

test("what is no HTTP, a silent server and one that hangs up are errors", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => {
      const path = bytes.toString().split(" ")[1];
      if (path === "/garbage") socket.end("SSH-2.0\r\n\r\n");
      if (path === "/hangs-up") socket.end("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab");
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await assert.rejects(
    request({ port, path: "/garbage" }),
    /this is no HTTP\/1\.1 response: "SSH-2\.0"/,
  );
  await assert.rejects(request({ port, path: "/hangs-up" }), /closed within the response/);
  await assert.rejects(
    request({ port, path: "/silent", timeout: 50 }),
    /no complete response in 50 ms/,
  );
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(request({ port }), /ECONNREFUSED/);
});
