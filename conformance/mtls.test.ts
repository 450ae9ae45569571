import assert from "node:assert/strict";
import { X509Certificate, createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { connect } from "node:tls";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import type { Bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import { AUTHORITY, CLIENT, ENVOY, UPSTREAM } from "./support/certificates.ts";
import type { Identity } from "./support/certificates.ts";
import { envoySince } from "./support/envoy-version.ts";
import { buildFilter } from "./support/filters.ts";

/** Envoy's CommonTlsContext: shows its own certificate, and wants one of the authority's. */
const common = {
  tls_certificates: [
    {
      certificate_chain: { inline_string: ENVOY.certificate },
      private_key: { inline_string: ENVOY.key },
    },
  ],
  validation_context: { trusted_ca: { inline_string: AUTHORITY } },
};

function transportSocket(kind: "Downstream" | "Upstream", more: Record<string, unknown>) {
  return {
    name: "tls",
    typed_config: {
      "@type": `type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.${kind}TlsContext`,
      common_tls_context: common,
      ...more,
    },
  };
}

/** The same bootstrap with TLS on both sides. */
function withTls(config: Bootstrap): Bootstrap {
  const { listeners, clusters } = config.static_resources;
  const tls = transportSocket("Downstream", { require_client_certificate: true });
  return {
    ...config,
    static_resources: {
      listeners: listeners.map((listener) => ({
        ...listener,
        // Tells which server name the client has asked for.
        listener_filters: [
          {
            name: "tls_inspector",
            typed_config: {
              "@type":
                "type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
            },
          },
        ],
        filter_chains: listener.filter_chains.map((chain) => ({ ...chain, transport_socket: tls })),
      })),
      clusters: clusters.map((cluster) => ({
        ...cluster,
        transport_socket: transportSocket("Upstream", { sni: "upstream.test.example" }),
      })),
    },
  };
}

async function upstreamServer(t: TestContext): Promise<number> {
  const options = {
    key: UPSTREAM.key,
    cert: UPSTREAM.certificate,
    ca: AUTHORITY,
    requestCert: true,
  };
  const server = createServer(options, (_, response) => response.end("ok"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** What the filter tells of one end's certificates. */
function certificates(side: string, own: Identity, peer: Identity) {
  const name = (identity: Identity): string =>
    identity === ENVOY ? "envoy" : identity === CLIENT ? "client" : "upstream";
  const digest = createHash("sha256").update(new X509Certificate(peer.certificate).raw);
  return {
    [`${side}.subjectLocalCertificate`]: `"CN=${name(own)},O=test"`,
    [`${side}.subjectPeerCertificate`]: `"CN=${name(peer)},O=test"`,
    [`${side}.dnsSanLocalCertificate`]: `"${name(own)}.test.example"`,
    [`${side}.dnsSanPeerCertificate`]: `"${name(peer)}.test.example"`,
    [`${side}.uriSanLocalCertificate`]: `"spiffe://test.example/ns/default/sa/${name(own)}"`,
    [`${side}.uriSanPeerCertificate`]: `"spiffe://test.example/ns/default/sa/${name(peer)}"`,
    [`${side}.sha256PeerCertificateDigest`]: `"${digest.digest("hex")}"`,
    [`${side}.tlsVersion`]: side === "connection" ? '"TLSv1.3"' : '"TLSv1.2"',
  };
}

test("with mutual TLS a filter knows who the client and the upstream are", async (t) => {
  const module = await buildFilter(t, "conformance/filters/properties.ts");
  const port = await upstreamServer(t);
  const envoy = await startEnvoy({
    binary: (await locateEnvoy({})).path,
    bootstrap: withTls(
      bootstrap({
        listeners: [
          {
            name: "http",
            filters: [{ name: "plugin", module, rootId: "http" }],
            upstream: { kind: "cluster", cluster: "upstream" },
          },
        ],
        clusters: [{ name: "upstream", host: "127.0.0.1", port }],
      }),
    ),
  });
  t.after(() => envoy.stop());
  const socket = connect({
    host: "127.0.0.1",
    port: envoy.port("http"),
    servername: "envoy.test.example",
    ca: AUTHORITY,
    key: CLIENT.key,
    cert: CLIENT.certificate,
  });
  t.after(() => socket.destroy());
  let received = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (received += chunk));
  socket.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
  await once(socket, "close");
  assert.match(received, /^HTTP\/1\.1 200 /);
  await envoy.stop();

  // Of the log: there both connections are known.
  const told = new Map<string, string>();
  const text = envoy.wasmLogs.map((line) => line.text).join("\n");
  for (const [, name = "", value = ""] of text.matchAll(/^log (\S+) (".*?"|\S+)$/gms)) {
    told.set(name, value);
  }
  // Whole certificates are attributes since 1.39.
  const since39 = await envoySince("1.39");
  const expected = {
    "connection.mtls": '"true"',
    "connection.requestedServerName": '"envoy.test.example"',
    "connection.peerSpiffeId": '"test.example /ns/default/sa/client"',
    "connection.peerCertificate": since39 ? `"${CLIENT.certificate}"` : "-",
    ...certificates("connection", ENVOY, CLIENT),
    "upstream.peerCertificate": since39 ? `"${UPSTREAM.certificate}"` : "-",
    ...certificates("upstream", ENVOY, UPSTREAM),
  };
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(told.get(name), value, name);
  }
});
