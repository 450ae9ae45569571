// The upstream that the request goes to: known once it is chosen, so from `onResponseHeaders` on.
import { percentDecode } from "../std/percent";
import { readBytes, readInteger, readText } from "./read";

/** The address with its port: `127.0.0.1:8080`. */
export function address(): string | null {
  return readText("upstream\0address");
}

/** The port. */
export function port(absent: i64 = -1): i64 {
  return readInteger("upstream\0port", absent);
}

/** Envoy's own end of the upstream connection, with its port. */
export function localAddress(): string | null {
  return readText("upstream\0local_address");
}

/** How many endpoints the upstream cluster has. */
export function endpointCount(absent: i64 = -1): i64 {
  return readInteger("upstream\0num_endpoints", absent);
}

/** How often the request was sent: 1 without a retry, 0 when it was not sent. */
export function requestAttemptCount(absent: i64 = -1): i64 {
  return readInteger("upstream\0request_attempt_count", absent);
}

/** From the start of the request to a connection that was ready for it, in nanoseconds. */
export function connectionPoolReadyDuration(absent: i64 = -1): i64 {
  return readInteger("upstream\0cx_pool_ready_duration", absent);
}

/** Where the endpoint is: an `envoy.config.core.v3.Locality` in protobuf's wire format. */
export function locality(): Uint8Array | null {
  return readBytes("upstream\0locality");
}

/** `TLSv1.2`, `TLSv1.3`; `null` without TLS. */
export function tlsVersion(): string | null {
  return readText("upstream\0tls_version");
}

/** The subject of the certificate that Envoy showed. */
export function subjectLocalCertificate(): string | null {
  return readText("upstream\0subject_local_certificate");
}

/** The subject of the upstream's certificate. */
export function subjectPeerCertificate(): string | null {
  return readText("upstream\0subject_peer_certificate");
}

/** The first DNS name in the subject alternative names of the certificate that Envoy showed. */
export function dnsSanLocalCertificate(): string | null {
  return readText("upstream\0dns_san_local_certificate");
}

/** The first DNS name in the subject alternative names of the upstream's certificate. */
export function dnsSanPeerCertificate(): string | null {
  return readText("upstream\0dns_san_peer_certificate");
}

/** The first URI in the subject alternative names of the certificate that Envoy showed. */
export function uriSanLocalCertificate(): string | null {
  return readText("upstream\0uri_san_local_certificate");
}

/** The first URI in the subject alternative names of the upstream's certificate. */
export function uriSanPeerCertificate(): string | null {
  return readText("upstream\0uri_san_peer_certificate");
}

/** SHA-256 of the upstream's certificate, in hexadecimal digits. */
export function sha256PeerCertificateDigest(): string | null {
  return readText("upstream\0sha256_peer_certificate_digest");
}

/** The upstream's certificate in PEM; `null` without TLS. */
export function peerCertificate(): string | null {
  const encoded = readText("upstream\0peer_certificate");
  return encoded === null ? null : percentDecode(encoded).value;
}

/** Why the connection to the upstream failed. */
export function transportFailureReason(): string | null {
  return readText("upstream\0transport_failure_reason");
}
