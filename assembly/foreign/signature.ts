// Signatures by Envoy's own cryptography (BoringSSL): RSA with PKCS #1 v1.5, and ECDSA in ASN.1.
import { Status } from "../abi/enums";
import { release, resultData } from "../runtime/memory";
import { takeBytes } from "../runtime/bytes";
import { ProtobufReader } from "../std/protobuf/reader";
import { ProtobufWriter } from "../std/protobuf/writer";
import { call } from "./call";

/** The hash that is signed. */
export enum HashFunction {
  /** SHA-1: broken; only for what is old. */
  Sha1,
  /** SHA-224. */
  Sha224,
  /** SHA-256. */
  Sha256,
  /** SHA-384. */
  Sha384,
  /** SHA-512. */
  Sha512,
}

function nameOf(hash: HashFunction): string {
  switch (hash) {
    case HashFunction.Sha1:
      return "sha1";
    case HashFunction.Sha224:
      return "sha224";
    case HashFunction.Sha384:
      return "sha384";
    case HashFunction.Sha512:
      return "sha512";
  }
  return "sha256";
}

/** A key as text in PEM or as bytes in DER. */
export abstract class Key {
  protected constructor(
    /** `""` when the key is given in DER. */
    readonly pem: string,
    /** Empty when the key is given in PEM. */
    readonly der: Uint8Array,
  ) {}
}

/** A public key: a SubjectPublicKeyInfo (`-----BEGIN PUBLIC KEY-----`). */
@final
export class PublicKey extends Key {
  /** From text in PEM, which Envoy reads since 1.37: before, no signature is right. */
  static fromPem(pem: string): PublicKey {
    return new PublicKey(pem, new Uint8Array(0));
  }

  /** From bytes in DER. */
  static fromDer(der: Uint8Array): PublicKey {
    return new PublicKey("", der);
  }
}

/** A private key: PKCS #8 (`-----BEGIN PRIVATE KEY-----`). */
@final
export class PrivateKey extends Key {
  /** From text in PEM. */
  static fromPem(pem: string): PrivateKey {
    return new PrivateKey(pem, new Uint8Array(0));
  }

  /** From bytes in DER. */
  static fromDer(der: Uint8Array): PrivateKey {
    return new PrivateKey("", der);
  }
}

/** What came of a check or of signing. */
@final
export class SignatureResult {
  constructor(
    /** Whether the signature is right, or was made. */
    readonly ok: bool,
    /** The signature that was made; else empty. */
    readonly signature: Uint8Array,
    /** Why not, in Envoy's words where it has any; else `""`. */
    readonly error: string,
  ) {}
}

/**
 * Whether `signature` was made over `text` by the owner of `key`. A wrong signature and a key that
 * is none both answer `ok` false, with the reason in `error`. From anywhere.
 */
export function verifySignature(
  hash: HashFunction,
  key: PublicKey,
  signature: Uint8Array,
  text: Uint8Array,
): SignatureResult {
  const message = new ProtobufWriter()
    .string(1, nameOf(hash))
    .bytes(2, key.der)
    .bytes(3, signature)
    .bytes(4, text)
    .string(5, key.pem);
  return ask("verify_signature", message, 0, 2);
}

/**
 * Signs `text` by `key`. From anywhere; `ok` is false where the host has no such function, as Envoy
 * before 1.37.
 */
export function sign(hash: HashFunction, key: PrivateKey, text: Uint8Array): SignatureResult {
  const message = new ProtobufWriter()
    .string(1, nameOf(hash))
    .bytes(2, key.der)
    .bytes(3, text)
    .string(4, key.pem);
  return ask("sign", message, 2, 3);
}

/** Calls a function that answers field 1: whether it worked, and the two others that are named. */
function ask(
  name: string,
  message: ProtobufWriter,
  signatureField: u32,
  errorField: u32,
): SignatureResult {
  const argument = message.finish();
  const status = call(name, argument.dataStart, argument.length);
  if (status != Status.Ok) {
    release(resultData());
    const error = name + ": status " + (<i32>status).toString();
    return new SignatureResult(false, new Uint8Array(0), error);
  }
  let ok = false;
  let signature = new Uint8Array(0);
  let error = "";
  const reader = new ProtobufReader(takeBytes());
  while (reader.next()) {
    if (reader.field == 1) ok = reader.bool();
    else if (reader.field == signatureField) signature = reader.bytes();
    else if (reader.field == errorField) error = reader.string();
  }
  return new SignatureResult(ok, signature, error);
}
