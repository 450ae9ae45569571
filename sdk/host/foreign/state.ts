// What filters keep in Envoy's filter state: objects that Envoy knows by name, and properties of their own.
import { isIP } from "node:net";
import { Status } from "../abi.ts";
import { bytesOf } from "../bytes.ts";
import { numberField, readMessage, textField } from "../protobuf.ts";
import type { Vm } from "../vm.ts";

interface Kind {
  /** Whether Envoy makes an object of the text. */
  takes(text: string): boolean;
  /** What the object is as a property; null for nothing. */
  shown(text: string): string | null;
}

const same = (text: string): string => text;
const TEXT: Kind = { takes: () => true, shown: same };
const NUMBER: Kind = { takes: (text) => /^\d{1,10}$/.test(text), shown: same };
const IP: Kind = { takes: (text) => isIP(text) !== 0, shown: (text) => `${text}:0` };
/** As a property it is a map without entries. */
const ADDRESS: Kind = {
  takes(text) {
    const [, host = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(text) ?? [];
    return isIP(host) !== 0 && NUMBER.takes(port) && Number(port) <= 65535;
  },
  shown: () => "\0\0\0\0",
};

/** The objects that Envoy makes of text: its well-known filter state. */
const KNOWN: ReadonlyMap<string, Kind> = new Map([
  ["envoy.filters.listener.original_dst.local_ip", ADDRESS],
  ["envoy.filters.listener.original_dst.remote_ip", ADDRESS],
  ["envoy.hashable_string", TEXT],
  ["envoy.network.application_protocols", { ...TEXT, shown: () => null }],
  ["envoy.network.ip", IP],
  ["envoy.network.network_namespace", TEXT],
  ["envoy.network.transport_socket.original_dst_address", ADDRESS],
  ["envoy.network.upstream_server_name", TEXT],
  ["envoy.network.upstream_subject_alt_names", TEXT],
  ["envoy.ratelimit.hits_addend", NUMBER],
  ["envoy.string", TEXT],
  ["envoy.tcp_proxy.cluster", TEXT],
  ["envoy.tcp_proxy.disable_tunneling", TEXT],
  ["envoy.tcp_proxy.per_connection_idle_timeout_ms", NUMBER],
  ["envoy.upstream.dynamic_host", TEXT],
  ["envoy.upstream.dynamic_port", NUMBER],
]);

/** SetEnvoyFilterStateArguments { 1 string path, 2 string value, 3 LifeSpan span }. */
export function setEnvoyFilterState(argument: Uint8Array, vm: Vm): Status {
  const fields = readMessage(argument);
  const path = fields === null ? null : textField(fields, 1);
  const value = fields === null ? null : textField(fields, 2);
  if (fields === null || path === null || value === null) return Status.BadArgument;
  const kind = KNOWN.get(path);
  if (kind === undefined) return Status.NotFound;
  if (!kind.takes(value)) return Status.BadArgument;
  const shown = kind.shown(value);
  return vm.context.setFilterState(path, shown === null ? null : bytesOf(shown));
}

/**
 * DeclarePropertyArguments { 1 string name, 2 bool readonly, 3 WasmType type, 4 bytes schema,
 * 5 LifeSpan span }. Only once for each name.
 */
export function declareProperty(argument: Uint8Array, vm: Vm): Status {
  const fields = readMessage(argument);
  const name = fields === null ? null : textField(fields, 1);
  const { declared } = vm.current;
  if (fields === null || name === null || declared.has(name)) return Status.BadArgument;
  declared.set(name, { readonly: numberField(fields, 2) !== 0 });
  return Status.Ok;
}
