// What Envoy's foreign functions do to the current stream.
import { Status } from "../abi/enums";
import { callForStatus } from "./call";
import { ProtobufWriter } from "../std/protobuf/writer";

/** How long what is kept on a stream lives. */
export const enum LifeSpan {
  /** As long as the filter chain: one HTTP request and its response, one TCP connection. */
  FilterChain = 0,
  /** As long as the HTTP request, through internal redirects. */
  DownstreamRequest = 1,
  /** As long as the downstream connection, for all its requests. */
  DownstreamConnection = 2,
}

/**
 * What the value of a property is, for expressions, and for access logs without `PLAIN`, which print a
 * protobuf message as such and all else in base64.
 */
export const enum PropertyType {
  /** Bytes. */
  Bytes = 0,
  /** Text. */
  String = 1,
  /** A FlatBuffers message, with its schema. */
  FlatBuffers = 2,
  /** A protobuf message, with its type URL as schema. */
  Protobuf = 3,
}

/**
 * Has Envoy choose the route anew, after a change of the request's headers that matters for it. With
 * ABI 0.2.1 Envoy does so after each change by itself; needed after a change of other things that
 * routes look at, such as filter state. `Ok`, and nothing done, where there is no HTTP request.
 */
export function clearRouteCache(): Status {
  return callForStatus("clear_route_cache", 0, 0);
}

/**
 * Makes an object of Envoy's own for the current stream: `envoy.tcp_proxy.cluster` chooses the
 * cluster of a TCP proxy, `envoy.network.upstream_server_name` the SNI towards the upstream.
 * `NotFound` when Envoy has no object of that name or there is no stream, `BadArgument` when it
 * refuses the value or has one already that cannot be changed.
 */
export function setEnvoyFilterState(
  name: string,
  value: string,
  span: LifeSpan = LifeSpan.FilterChain,
): Status {
  const message = new ProtobufWriter().string(1, name).string(2, value).int32(3, span).finish();
  return callForStatus("set_envoy_filter_state", message.dataStart, message.length);
}

/** How a property that a filter sets is declared. */
@final
export class PropertyDeclaration {
  /** What it is; default: text. */
  type: PropertyType = PropertyType.String;
  /** Whether it can be set only once. */
  readonly: bool = false;
  /** How long it lives. */
  span: LifeSpan = LifeSpan.FilterChain;
  /** The FlatBuffers schema or the protobuf type URL. */
  schema: Uint8Array = new Uint8Array(0);
}

/**
 * Declares a property before it is set by `properties.set`: its type and how long it lives. For all
 * streams of the plugin, so from `onConfigure`. `BadArgument` when it is declared already.
 */
export function declareProperty(
  name: string,
  declaration: PropertyDeclaration = new PropertyDeclaration(),
): Status {
  const message = new ProtobufWriter()
    .string(1, name)
    .bool(2, declaration.readonly)
    .int32(3, declaration.type)
    .bytes(4, declaration.schema)
    .int32(5, declaration.span)
    .finish();
  return callForStatus("declare_property", message.dataStart, message.length);
}
