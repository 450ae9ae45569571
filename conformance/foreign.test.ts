import assert from "node:assert/strict";
import { generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { deflateSync, inflateSync } from "node:zlib";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import { envoySince } from "./support/envoy-version.ts";
import { buildFilter } from "./support/filters.ts";
import { rawUpstream } from "./support/raw-upstream.ts";
import { TcpClient, tcpServer } from "./support/tcp.ts";

const FILTER = "conformance/filters/foreign.ts";
const TEXT = "ä text to sign and to compress, to compress, to compress";
const HASHES = ["sha1", "sha224", "sha256", "sha384", "sha512"];

const OK = "0";
const NOT_FOUND = "1";
const BAD_ARGUMENT = "2";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** A key pair, with what the filter is told of it and of a signature made by Node. */
function signatureCase(hash: number, pair: { privateKey: KeyObject; publicKey: KeyObject }) {
  const { privateKey, publicKey } = pair;
  const name = HASHES[hash] ?? "";
  return {
    hash,
    publicPem: publicKey.export({ type: "spki", format: "pem" }),
    publicDer: base64(publicKey.export({ type: "spki", format: "der" })),
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }),
    privateDer: base64(privateKey.export({ type: "pkcs8", format: "der" })),
    signature: base64(sign(name, Buffer.from(TEXT), privateKey)),
  };
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "prime256v1" });

test("every foreign function of Envoy's does what its typed form says", async (t) => {
  const module = await buildFilter(t, FILTER);
  const upstream = await rawUpstream(
    t,
    Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
  );
  const nowhere = await tcpServer(t, (socket) => socket.end("the wrong one"));
  const other = await tcpServer(t, (socket) => socket.end("the other one"));
  const cases = [...HASHES.map((_, hash) => signatureCase(hash, rsa)), signatureCase(2, ec)];
  const configuration = JSON.stringify({
    text: TEXT,
    compressed: base64(deflateSync("x".repeat(10_000))),
    signatures: cases,
  });
  const envoy = await startEnvoy({
    binary: (await locateEnvoy({})).path,
    bootstrap: bootstrap({
      listeners: [
        {
          name: "http",
          filters: [{ name: "http", module, rootId: "http", configuration, vmId: "vm" }],
          upstream: { kind: "cluster", cluster: "upstream" },
          accessLog: { path: "access.log", format: "%FILTER_STATE(wasm.text:PLAIN)%\n" },
        },
      ],
      tcpListeners: [
        {
          name: "tcp",
          filters: [{ name: "tcp", module, rootId: "tcp", vmId: "vm" }],
          cluster: "nowhere",
        },
      ],
      clusters: [
        { name: "upstream", host: "127.0.0.1", port: upstream },
        { name: "nowhere", host: "127.0.0.1", port: nowhere },
        { name: "other", host: "127.0.0.1", port: other },
      ],
    }),
  });
  t.after(() => envoy.stop());

  const steered = await TcpClient.open(t, envoy.port("tcp"));
  await steered.until("the other one");

  const client = await TcpClient.open(t, envoy.port("http"));
  client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  await client.until("\r\n\r\n");
  client.received = "";
  client.send("GET /again HTTP/1.1\r\nhost: a\r\n\r\n");
  await client.until("\r\n\r\n");
  await envoy.reopenLogs();
  const access = await readFile(join(envoy.folder, "access.log"), "utf8");
  await envoy.stop();
  assert.equal(access, "text\n-\n", "declared as text, for one request");

  /** All values that a name was logged with. */
  const told = new Map<string, string[]>();
  for (const { text } of envoy.wasmLogs) {
    const [name = "", ...words] = text.split(" ");
    told.set(name, [...(told.get(name) ?? []), words.join(" ")]);
  }
  const valuesOf = (name: string): string[] => [...new Set(told.get(name))];
  const bytesOf = (name: string): Buffer => Buffer.from(valuesOf(name).join(), "base64");

  // By PEM, which Envoy reads since 1.37, by DER, of another text. It signs since 1.37 too.
  const since37 = await envoySince("1.37");
  assert.deepEqual(valuesOf("verify"), [since37 ? "true true false" : "false true false"]);
  assert.deepEqual(valuesOf("verify.wrong"), ["Failed to verify digest. Error code: 0"]);
  assert.deepEqual(valuesOf("verify.nokey"), ["false Failed to initialize digest verify."]);
  for (const how of ["sign.pem", "sign.der"]) {
    const signatures = told.get(how) ?? [];
    if (!since37) {
      assert.deepEqual(valuesOf(how), [""]);
      continue;
    }
    assert.equal(signatures.length % cases.length, 0);
    for (const [index, signature] of signatures.entries()) {
      const { hash = 0, publicPem = "" } = cases[index % cases.length] ?? {};
      const bytes = Buffer.from(signature, "base64");
      assert.ok(verify(HASHES[hash], Buffer.from(TEXT), publicPem, bytes), `${how} ${index}`);
    }
  }
  assert.deepEqual(valuesOf("sign.nokey"), [
    `false sign: status ${since37 ? BAD_ARGUMENT : NOT_FOUND}`,
  ]);

  assert.equal(inflateSync(bytesOf("compress")).toString(), TEXT);
  assert.equal(inflateSync(bytesOf("compress.empty")).length, 0);
  assert.deepEqual(valuesOf("uncompress"), ["x".repeat(10_000)]);
  assert.deepEqual(valuesOf("uncompress.garbage"), ["null"]);
  assert.deepEqual(valuesOf("uncompress.empty"), ["null"]);
  assert.deepEqual(valuesOf("unknown"), [`${NOT_FOUND} 0`]);
  assert.deepEqual(valuesOf("nameless"), [NOT_FOUND]);
  assert.match(valuesOf("raw").join(), /^0 \S+$/);

  const answers: Readonly<Record<string, string>> = {
    declare: OK,
    "declare.again": BAD_ARGUMENT,
    "declare.once": OK,
    "declare.kept": OK,
    "set.kept": OK,
    "set.text": OK,
    "set.once": OK,
    "set.once.again": BAD_ARGUMENT,
    clearRouteCache: OK,
    "configure.clearRouteCache": OK,
    filterState: OK,
    "filterState.set": "true",
    "filterState.no": NOT_FOUND,
    "configure.filterState": NOT_FOUND,
    "expression.bad": "true",
    "expression.empty": "true",
    "expression.bool": "true",
    "expression.integer": "true",
    "expression.text": "/!",
    "expression.double": "0.5",
    "expression.bytes": "AAAAAAAA4D8=",
    "expression.absent": "true",
    "expression.delete": OK,
    "expression.deleted": "-1.0",
  };
  for (const [name, answer] of Object.entries(answers)) {
    assert.deepEqual(valuesOf(name), [answer], name);
  }
  assert.deepEqual(told.get("kept"), ["-", "kept"], "kept for the next request of the connection");
});
