import assert from "node:assert/strict";
import { test } from "node:test";
import { ResponseReader } from "./response-reader.ts";

const WITH_LENGTH = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ndate: now\r\n\r\nok";
const EMPTY = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
const WITHOUT_BODY = "HTTP/1.1 204 No Content\r\ndate: now\r\n\r\n";
const INTERIM = "HTTP/1.1 100 Continue\r\n\r\n";
const CHUNKED =
  "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n" +
  "5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nx-trailer: 1\r\n\r\n";
const ALL = [WITH_LENGTH, EMPTY, WITHOUT_BODY, INTERIM, CHUNKED, WITH_LENGTH].join("");
const STATUSES = [200, 401, 204, 503, 200];

function read(pieces: readonly string[]): number[] {
  const statuses: number[] = [];
  const reader = new ResponseReader((status) => statuses.push(status));
  // One buffer that is filled again and again, as the socket's is.
  const buffer = Buffer.alloc(1024);
  for (const piece of pieces) {
    const length = buffer.write(piece, "latin1");
    reader.push(buffer.subarray(0, length));
    buffer.fill("!");
  }
  return statuses;
}

test("responses of every form in one piece", () => {
  assert.deepEqual(read([ALL]), STATUSES);
});

test("the same responses cut at every place, and byte by byte", () => {
  for (let cut = 1; cut < ALL.length; cut++) {
    assert.deepEqual(read([ALL.slice(0, cut), ALL.slice(cut)]), STATUSES, `cut at ${cut}`);
  }
  assert.deepEqual(read(Array.from(ALL)), STATUSES);
});

test("a response counts only when its last byte is there", () => {
  for (const response of [WITH_LENGTH, EMPTY, CHUNKED]) {
    assert.deepEqual(read([response.slice(0, -1)]), []);
  }
});

test("what has no end that could be known is refused", () => {
  assert.throws(() => read(["SSH-2.0-OpenSSH\r\n\r\n"]), /no HTTP\/1.1/);
  assert.throws(() => read(["HTTP/1.1 200 OK\r\ndate: now\r\n\r\n"]), /length/);
  const chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
  assert.throws(() => read([chunked]), /chunk without a size/);
  const endless = "HTTP/1.1 200 OK\r\nx-long: ".padEnd(1000, "a");
  assert.throws(() => read([endless, ...new Array<string>(1100).fill("b".repeat(1000))]), /end/);
});
