// What Envoy's own configuration says of this stream: names and metadata of what it passes.
import { Metadata } from "./metadata";
import { readBytes, readInteger, readText } from "./read";

/** Which way the traffic of a listener goes, as its configuration says. */
export const enum ListenerDirection {
  /** The configuration does not say. */
  Unspecified = 0,
  /** Towards the service that this Envoy stands before. */
  Inbound = 1,
  /** From it to others. */
  Outbound = 2,
}

/** The upstream cluster that the request goes to; known once the route is. */
export function clusterName(): string | null {
  return readText("xds\0cluster_name");
}

/** The metadata of that cluster. */
export function clusterMetadata(): Metadata {
  return new Metadata("xds\0cluster_metadata");
}

/** The name of the route that matched; `null` when it has none. */
export function routeName(): string | null {
  return readText("xds\0route_name");
}

/** The metadata of the route that matched. */
export function routeMetadata(): Metadata {
  return new Metadata("xds\0route_metadata");
}

/** The name of the virtual host of the route. */
export function virtualHostName(): string | null {
  return readText("xds\0virtual_host_name");
}

/** The metadata of the virtual host of the route. */
export function virtualHostMetadata(): Metadata {
  return new Metadata("xds\0virtual_host_metadata");
}

/** The metadata of the upstream's endpoint; known once it is chosen. */
export function upstreamHostMetadata(): Metadata {
  return new Metadata("xds\0upstream_host_metadata");
}

/** The metadata of the locality of the upstream's endpoint. */
export function upstreamHostLocalityMetadata(): Metadata {
  return new Metadata("xds\0upstream_host_locality_metadata");
}

/** Which way the listener's traffic goes. */
export function listenerDirection(): ListenerDirection {
  return <ListenerDirection>(
    (<i32>readInteger("xds\0listener_direction", ListenerDirection.Unspecified))
  );
}

/** The metadata of the listener. */
export function listenerMetadata(): Metadata {
  return new Metadata("xds\0listener_metadata");
}

/** The name of the filter chain; `null` when it has none. */
export function filterChainName(): string | null {
  return readText("xds\0filter_chain_name");
}

/** The id of this Envoy (`node.id`). */
export function nodeId(): string | null {
  return readText("xds\0node\0id");
}

/** The service that this Envoy belongs to (`node.cluster`). */
export function nodeCluster(): string | null {
  return readText("xds\0node\0cluster");
}

/** This Envoy's `envoy.config.core.v3.Node` in protobuf's wire format. */
export function node(): Uint8Array | null {
  return readBytes("xds\0node");
}
