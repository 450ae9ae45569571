// Listeners, of HTTP and of TCP. They bind 127.0.0.1 and, unless a port is asked for, port 0: the real
// ports are read back from the running Envoy, so that nothing can take them in between.
import { connectionManager } from "./connection-manager.ts";
import type { HttpConnectionManager } from "./connection-manager.ts";
import type { ListenerSpec, TlsIdentity } from "./listener-spec.ts";
import { bufferLimit } from "./protocol-options.ts";
import type { BufferOptions, SocketAddress } from "./protocol-options.ts";
import { tcpFilters } from "./tcp-listener.ts";
import type { NetworkFilter, TcpListenerSpec } from "./tcp-listener.ts";
import { TYPE } from "./wasm-plugin.ts";

interface HttpFilterChain {
  readonly name: string;
  readonly typed_config: HttpConnectionManager;
}
/** A listener of Envoy's. */
export interface Listener extends BufferOptions {
  readonly name: string;
  readonly enable_reuse_port: boolean;
  readonly address: SocketAddress;
  readonly filter_chains: readonly {
    readonly filters: readonly (NetworkFilter | HttpFilterChain)[];
    readonly transport_socket?: TransportSocket;
  }[];
}
interface TransportSocket {
  readonly name: string;
  readonly typed_config: {
    readonly "@type": string;
    readonly common_tls_context: {
      readonly alpn_protocols?: readonly string[];
      readonly tls_certificates: readonly {
        readonly certificate_chain: { readonly inline_string: string };
        readonly private_key: { readonly inline_string: string };
      }[];
    };
  };
}

/** Writes an HTTP listener. */
export function httpListener(spec: ListenerSpec): Listener {
  return listener(spec, [{ name: "http", typed_config: connectionManager(spec) }]);
}

/** Writes a TCP listener. */
export function tcpListener(spec: TcpListenerSpec): Listener {
  return listener(spec, tcpFilters(spec));
}

/** An address that only this machine reaches; port 0 takes a free one. */
export function loopback(port: number): SocketAddress {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}

function listener(
  spec: Pick<ListenerSpec, "name" | "port" | "bufferLimitBytes" | "tls">,
  filters: Listener["filter_chains"][number]["filters"],
): Listener {
  return {
    name: spec.name,
    // With SO_REUSEPORT a port that another process has taken with it would be shared in silence.
    enable_reuse_port: false,
    address: loopback(spec.port ?? 0),
    ...bufferLimit(spec.bufferLimitBytes),
    filter_chains: [
      { filters, ...(spec.tls === undefined ? {} : { transport_socket: downstreamTls(spec.tls) }) },
    ],
  };
}

function downstreamTls(identity: TlsIdentity): TransportSocket {
  return {
    name: "tls",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext`,
      common_tls_context: {
        alpn_protocols: ["h2", "http/1.1"],
        tls_certificates: [
          {
            certificate_chain: { inline_string: identity.certificate },
            private_key: { inline_string: identity.key },
          },
        ],
      },
    },
  };
}
