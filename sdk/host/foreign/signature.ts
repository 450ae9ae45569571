// Signatures of RSA (PKCS #1 v1.5) and ECDSA (ASN.1), with the messages that Envoy has for what is wrong.
import { createPrivateKey, createPublicKey, sign as signBytes, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Status } from "../abi.ts";
import { bytesField, readMessage, textField, writeMessage } from "../protobuf.ts";
import type { Field } from "../protobuf.ts";

const HASHES: ReadonlySet<string> = new Set(["sha1", "sha224", "sha256", "sha384", "sha512"]);

type Import = (key: { readonly key: string | Buffer; readonly format: "pem" | "der" }) => KeyObject;

const publicKey: Import = ({ key, format }) =>
  createPublicKey(format === "pem" ? key : { key, format, type: "spki" });
const privateKey: Import = ({ key, format }) =>
  createPrivateKey(format === "pem" ? key : { key: key as Buffer, format, type: "pkcs8" });

/**
 * The key that the message has in one of two fields; null for one that is none, which Envoy tells of in its
 * answer; undefined for none at all or two, which Envoy refuses.
 */
function keyOf(
  fields: readonly Field[],
  der: number,
  pem: string,
  read: Import,
): KeyObject | null | undefined {
  const bytes = bytesField(fields, der);
  if (bytes.length > 0 === (pem !== "")) return undefined;
  try {
    return pem === ""
      ? read({ key: Buffer.from(bytes), format: "der" })
      : read({ key: pem, format: "pem" });
  } catch {
    return null;
  }
}

/**
 * VerifySignatureArguments { 1 string hash_function, 2 bytes public_key (DER), 3 bytes signature,
 * 4 bytes text, 5 string public_key_pem } to VerifySignatureResult { 1 bool result, 2 string error }.
 */
export function verifySignature(argument: Uint8Array): Uint8Array | Status {
  const fields = readMessage(argument);
  const name = fields === null ? null : textField(fields, 1);
  const pem = fields === null ? null : textField(fields, 5);
  if (fields === null || name === null || pem === null) return Status.BadArgument;
  const key = keyOf(fields, 2, pem, publicKey);
  if (key === undefined) return Status.BadArgument;
  const answer = (error: string): Uint8Array => writeMessage({ 1: error === "", 2: error });
  if (key === null) return answer("Failed to initialize digest verify.");
  const hash = name.toLowerCase();
  if (!HASHES.has(hash)) return answer(`${name} is not supported.`);
  const right = verify(hash, bytesField(fields, 4), key, bytesField(fields, 3));
  return answer(right ? "" : "Failed to verify digest. Error code: 0");
}

/**
 * SignArguments { 1 string hash_function, 2 bytes private_key (DER), 3 bytes text, 4 string
 * private_key_pem } to SignResult { 1 bool result, 2 bytes signature, 3 string error }.
 */
export function sign(argument: Uint8Array): Uint8Array | Status {
  const fields = readMessage(argument);
  const name = fields === null ? null : textField(fields, 1);
  const pem = fields === null ? null : textField(fields, 4);
  if (fields === null || name === null || pem === null) return Status.BadArgument;
  const key = keyOf(fields, 2, pem, privateKey);
  if (key === undefined) return Status.BadArgument;
  const failed = (error: string): Uint8Array => writeMessage({ 3: error });
  if (key === null) return failed("Invalid key type: private key required for signing operation.");
  const hash = name.toLowerCase();
  if (!HASHES.has(hash)) return failed(`${name} is not supported.`);
  return writeMessage({ 1: true, 2: signBytes(hash, bytesField(fields, 3), key) });
}
