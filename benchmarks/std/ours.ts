// The loops over std/. Each runs so many times over the same input and answers a sum, which all that
// are compared must have in common. Nothing is collected within a call: table.mjs does it between.
import * as base64 from "../../assembly/std/base64";
import * as hex from "../../assembly/std/hex";
import { HmacSha256 } from "../../assembly/std/hmac";
import { Json } from "../../assembly/std/json";
import { JsonWriter } from "../../assembly/std/json-writer";
import { Hs256Key, JwtVerifier } from "../../assembly/std/jwt";
import * as percent from "../../assembly/std/percent";
import { Regex } from "../../assembly/std/regex";
import * as sha2 from "../../assembly/std/sha256";
import * as sha5 from "../../assembly/std/sha512";
import { Needles, StreamReplacer } from "../../assembly/std/stream-replacer";
import { Query } from "../../assembly/std/url";
import { utf8Decode, utf8Encode } from "../../assembly/std/utf8";

const SECRET: string = "0123456789abcdef0123456789abcdef";

const ROUTE: string = "^/api/v([0-9]+)/([a-z]+)/(\\w+)$";
const HOST: string = "[a-z]+-[0-9]+\\.example";

/** How many bytes a part of a body has. */
const PART: i32 = 1024;

let input: Uint8Array = new Uint8Array(0);
let text: string = "";
let route: Regex = Regex.compile("").value;
let host: Regex = Regex.compile("").value;

export function setInput(bytes: ArrayBuffer): void {
  input = Uint8Array.wrap(bytes);
  text = utf8Decode(input);
  route = Regex.compile(ROUTE).value;
  host = Regex.compile(HOST).value;
}

export function regexFind(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const match = route.find(text);
    if (match === null) continue;
    for (let group = 1; group <= 3; group++) sum += match.group(group)!.length;
  }
  return sum;
}

export function regexSearch(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += i32(host.test(text));
  return sum;
}

export function streamReplace(count: i32): i32 {
  const needles = new Needles();
  needles.add("http://internal.example", "https://www.example");
  needles.add("secret", "***");
  needles.add("needle", "a pin");
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const replacer = new StreamReplacer(needles);
    for (let at = 0; at < input.length; at += PART) {
      const end = at + PART;
      sum += replacer.push(input.subarray(at, end), end >= input.length).length;
    }
  }
  return sum;
}

export function jsonRead(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const config = Json.parse(utf8Decode(input));
    sum += config.string("header", "").length + config.string("realm", "").length;
    const keys = config.array("keys");
    for (let k = 0; k < keys.length; k++) {
      const key = keys.at(k);
      sum += key.string("id", "").length + key.string("secret", "").length;
      sum += (key.integer("limit", 0) as i32) + i32(key.bool("enabled", false));
    }
  }
  return sum;
}

class Key {
  id: string = "";
  secret: string = "";
  limit: i64 = 0;
  enabled: bool = false;
}

export function jsonWrite(count: i32): i32 {
  const config = Json.parse(text);
  const header = config.string("header", "");
  const realm = config.string("realm", "");
  const keys: Key[] = [];
  const list = config.array("keys");
  for (let k = 0; k < list.length; k++) {
    const key = new Key();
    key.id = list.at(k).string("id", "");
    key.secret = list.at(k).string("secret", "");
    key.limit = list.at(k).integer("limit", 0);
    key.enabled = list.at(k).bool("enabled", false);
    keys.push(key);
  }
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const json = new JsonWriter().object();
    json.key("header").string(header).key("realm").string(realm).key("keys").array();
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k];
      json.object().key("id").string(key.id).key("secret").string(key.secret);
      json.key("limit").integer(key.limit).key("enabled").bool(key.enabled).end();
    }
    sum += json.end().end().finishBytes().value.length;
  }
  return sum;
}

export function base64Encode(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += base64.base64Encode(input).length;
  return sum;
}

export function base64Decode(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += base64.base64Decode(text).value.length;
  return sum;
}

export function hexEncode(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += hex.hexEncode(input).length;
  return sum;
}

export function hexDecode(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += hex.hexDecode(text).value.length;
  return sum;
}

export function sha256(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += sha2.sha256(input)[0];
  return sum;
}

export function sha512(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += sha5.sha512(input)[0];
  return sum;
}

export function hmac(count: i32): i32 {
  const prepared = new HmacSha256(utf8Encode(SECRET));
  let sum = 0;
  for (let i = 0; i < count; i++) sum += prepared.sign(input)[0];
  return sum;
}

export function percentDecode(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += percent.percentDecode(text).value.length;
  return sum;
}

export function query(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const page = new Query(text).get("page");
    if (page !== null) sum += page.length;
  }
  return sum;
}

export function jwt(count: i32): i32 {
  const verifier = new JwtVerifier();
  const key = Hs256Key.fromText(SECRET);
  if (key) verifier.keys.push(key);
  verifier.issuer = "https://issuer.example";
  verifier.audiences = ["api"];
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const claims = verifier.verifyBytes(input, 1_700_000_000_000_000_000).claims;
    if (claims) sum += claims.string("sub", "").length;
  }
  return sum;
}
