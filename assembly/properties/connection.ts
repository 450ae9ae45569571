// The downstream connection: for HTTP and for TCP streams.
import { percentDecode } from "../std/percent";
import { readBool, readInteger, readText } from "./read";
import { SpiffeId } from "./spiffe-id";

/** Its number within this Envoy; each connection has one of its own. */
export function id(absent: i64 = -1): i64 {
  return readInteger("connection\0id", absent);
}

/** Whether the client showed a certificate (mutual TLS); false without TLS. */
export function mtls(absent: bool = false): bool {
  return readBool("connection\0mtls", absent);
}

/**
 * The server name that the client asked for (SNI); `""` when there is none, and where the listener
 * has no `envoy.filters.listener.tls_inspector`.
 */
export function requestedServerName(): string | null {
  return readText("connection\0requested_server_name");
}

/** `TLSv1.2`, `TLSv1.3`; `null` without TLS. */
export function tlsVersion(): string | null {
  return readText("connection\0tls_version");
}

/** The subject of Envoy's own certificate. */
export function subjectLocalCertificate(): string | null {
  return readText("connection\0subject_local_certificate");
}

/** The subject of the client's certificate; `null` without one. */
export function subjectPeerCertificate(): string | null {
  return readText("connection\0subject_peer_certificate");
}

/** The first DNS name in the subject alternative names of Envoy's own certificate. */
export function dnsSanLocalCertificate(): string | null {
  return readText("connection\0dns_san_local_certificate");
}

/** The first DNS name in the subject alternative names of the client's certificate. */
export function dnsSanPeerCertificate(): string | null {
  return readText("connection\0dns_san_peer_certificate");
}

/** The first URI in the subject alternative names of Envoy's own certificate. */
export function uriSanLocalCertificate(): string | null {
  return readText("connection\0uri_san_local_certificate");
}

/** The first URI in the subject alternative names of the client's certificate. */
export function uriSanPeerCertificate(): string | null {
  return readText("connection\0uri_san_peer_certificate");
}

/**
 * Who the client is in a SPIFFE trust domain, by its verified certificate; `null` without one, or
 * when its first URI is no SPIFFE ID. Envoy must be set up to verify certificates: an unverified
 * one (`trust_chain_verification: ACCEPT_UNTRUSTED`) proves nothing.
 */
export function peerSpiffeId(): SpiffeId | null {
  const uri = uriSanPeerCertificate();
  return uri === null ? null : SpiffeId.parse(uri);
}

/** SHA-256 of the client's certificate, in hexadecimal digits. */
export function sha256PeerCertificateDigest(): string | null {
  return readText("connection\0sha256_peer_certificate_digest");
}

/** The client's certificate in PEM; `null` without one. */
export function peerCertificate(): string | null {
  const encoded = readText("connection\0peer_certificate");
  return encoded === null ? null : percentDecode(encoded).value;
}

/** Why the TLS connection failed. */
export function transportFailureReason(): string | null {
  return readText("connection\0transport_failure_reason");
}

/** Why Envoy closed the connection. */
export function terminationDetails(): string | null {
  return readText("connection\0termination_details");
}
