// What the helpers add to a module, in bytes. Each figure is the difference of two modules.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileDriver } from "../testing/asc-driver.ts";

const UNUSED = `
  import { Json } from "./json";
  import { constantTimeEqual, constantTimeEqualBytes, constantTimeIncludes } from "./equal";
  import * as base64 from "./base64";
  import { Cidr, CidrList, IpAddress } from "./cidr";
  import { Cookie, Cookies } from "./cookies";
  import { Glob } from "./glob";
  import * as hex from "./hex";
  import { parseDuration } from "./duration";
  import { JsonWriter } from "./json-writer";
  import { formatHttpDate, parseHttpDate } from "./http-date";
  import * as percent from "./percent";
  import { Regex, RegexLimits, RegexMatch } from "./regex";
  import { Result } from "./result";
  import { SameSite, SetCookie } from "./set-cookie";
  import { Needles, StreamReplacer } from "./stream-replacer";
  import * as url from "./url";
  import { isUtf8, utf8FaultOffset } from "./utf8-validate";
  import { Sha256, sha256, sha256Text } from "./sha256";
  import { Sha384, sha384, sha384Text, Sha512, sha512, sha512Text } from "./sha512";
  import { Hmac, HmacSha256, HmacSha384, HmacSha512, hmacSha256 } from "./hmac";
  import { Hs256Key, Hs384Key, Hs512Key, JwtKey, JwtReason, JwtResult, JwtVerifier } from "./jwt";
  import { Jwk, JwkSet, JwksOptions } from "./jwks";
  import { ProtobufReader, ProtobufWriter, WireType } from "./protobuf";
  export function run(text: string): string | null { return text; }`;

const NOTHING = `
  export function run(text: string): string | null { return text; }`;

const STRINGS = `
  export function run(text: string): string | null {
    const keys: string[] = ["header", "keys"];
    if (text == "x-api-key") keys.push(text);
    let all = "";
    for (let i = 0; i < keys.length; i++) all += keys[i];
    return all;
  }`;

/** A configuration of strings, with all errors that name a path. */
const JSON_STRINGS = `
  import { Json } from "./json";
  export function run(text: string): string | null {
    const config = Json.parse(text);
    let all = config.string("header", "x-api-key");
    const keys = config.array("keys");
    for (let i = 0; i < keys.length; i++) all += keys.at(i).asString();
    config.onlyKeys(["header", "keys"]);
    return config.error ? config.error : all;
  }`;

const sizeOf = async (source: string): Promise<number> =>
  (await compileDriver("assembly/std/size.driver.ts", { source })).length;

describe("a module", () => {
  test("is the same with and without an import that it does not use", async () => {
    assert.equal(await sizeOf(UNUSED), await sizeOf(NOTHING));
  });

  test("that works with strings and arrays grows by less than 6 KB when it reads JSON", async () => {
    const added = (await sizeOf(JSON_STRINGS)) - (await sizeOf(STRINGS));
    assert.ok(added < 6 * 1024, `${added} bytes`);
  });
});
