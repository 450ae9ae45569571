// Whom a gRPC call is for: envoy.config.core.v3.GrpcService, or a cluster's bare name.
//   GrpcService { 1 envoy_grpc { 1 cluster_name, 2 authority }, 2 google_grpc ... }
import { utf8 } from "../bytes.ts";
import { bytesField, readMessage, textField } from "../protobuf.ts";

/** A call's target. */
export interface GrpcTarget {
  readonly cluster: string;
  /** What the service sees as `:authority`. */
  readonly authority: string;
  /** It was given by the bare name, which Envoy looks up before anything else. */
  readonly bare: boolean;
}

const ENVOY_GRPC = 1;
const CLUSTER_NAME = 1;
const AUTHORITY = 2;

/** The target; null for a message that names no cluster of Envoy's. */
export function grpcTarget(bytes: Uint8Array): GrpcTarget | null {
  const fields = readMessage(bytes);
  if (fields === null) return bareName(bytes);
  if (!fields.some(({ number }) => number === ENVOY_GRPC)) return null;
  const inner = readMessage(bytesField(fields, ENVOY_GRPC));
  const cluster = inner === null ? null : textField(inner, CLUSTER_NAME);
  const authority = inner === null ? null : textField(inner, AUTHORITY);
  if (cluster === null || authority === null) return bareName(bytes);
  return { cluster, authority: authority === "" ? cluster : authority, bare: false };
}

function bareName(bytes: Uint8Array): GrpcTarget {
  const cluster = utf8(bytes);
  return { cluster, authority: cluster, bare: true };
}
