import assert from "node:assert/strict";
import { connect } from "node:http2";
import { test } from "node:test";
import { Unframer, framed, startGrpcServer } from "./grpc-server.ts";

test("messages come out of their frames wherever the parts cut them", () => {
  const messages = ["", "one", "", "x".repeat(300), "last"].map((text) => Buffer.from(text));
  const wire = Buffer.concat(messages.map(framed));
  for (let size = 1; size <= wire.length; size++) {
    const unframer = new Unframer();
    const found: Buffer[] = [];
    for (let at = 0; at < wire.length; at += size)
      found.push(...unframer.push(wire.subarray(at, at + size)));
    assert.deepEqual(found, messages, `parts of ${size} bytes`);
  }
});

test("a large message that comes in small parts is put together", () => {
  const unframer = new Unframer();
  // Put together anew for each part, this would be 140 GB to copy.
  const message = Buffer.alloc(1 << 22, 7);
  const wire = framed(message);
  const part = 64;
  const found: Buffer[] = [];
  for (let at = 0; at < wire.length; at += part)
    found.push(...unframer.push(wire.subarray(at, at + part)));
  assert.equal(found.length, 1);
  assert.ok(found[0]?.equals(message));
});

test("what is no gRPC is refused as services do, and an open connection does not keep the service", async () => {
  const server = await startGrpcServer(() => {
    assert.fail("served");
  });
  const client = connect(`http://127.0.0.1:${server.port}`);
  client.on("error", () => undefined);
  const status = await new Promise((resolve) => {
    client
      .request({ ":method": "POST", ":path": "/a.B/C", "content-type": "application/json" })
      .on("response", (headers) => {
        resolve(headers[":status"]);
      })
      .end();
  });
  assert.equal(status, 415);
  await server.close();
  client.destroy();
});
