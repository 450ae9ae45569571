// Connections to a server that begin with a line that says whose they are: PROXY protocol, version 1.
import { TYPE } from "./wasm-plugin.ts";

/** Envoy's transport socket for it, over plain text. */
export interface ProxyProtocolSocket {
  readonly name: string;
  readonly typed_config: {
    readonly "@type": string;
    readonly config: { readonly version: "V1" };
    readonly transport_socket: {
      readonly name: string;
      readonly typed_config: { readonly "@type": string };
    };
  };
}

/** What a cluster has that tells its server whose each connection is. */
export function proxyProtocolSocket(): ProxyProtocolSocket {
  return {
    name: "envoy.transport_sockets.upstream_proxy_protocol",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport`,
      config: { version: "V1" },
      transport_socket: {
        name: "envoy.transport_sockets.raw_buffer",
        typed_config: {
          "@type": `${TYPE}envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer`,
        },
      },
    },
  };
}
