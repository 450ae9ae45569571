// What all of them work on: the same bytes for everybody.
import { createHmac } from "node:crypto";

const SECRET = "0123456789abcdef0123456789abcdef";

/** A configuration of 2 KB, as a filter for API keys might have it. */
const CONFIGURATION = JSON.stringify(
  {
    header: "x-api-key",
    realm: 'the "inner" circle',
    keys: Array.from({ length: 16 }, (_, i) => ({
      id: `customer-${i}`,
      secret: createHmac("sha256", SECRET).update(`${i}`).digest("hex").slice(0, 40),
      limit: 1000 + 37 * i,
      enabled: i % 3 !== 0,
    })),
  },
  null,
  1,
);

const BYTES = Buffer.from(Array.from({ length: 1024 }, (_, i) => (i * 167 + (i >> 3)) & 255));

/** A token of 500 bytes that does not end before the year 2100. */
function token() {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iss: "https://issuer.example",
    aud: ["api", "web"],
    sub: "0b8f6a52-7d7e-4f0c-8a51-3f6c9d2e1b7a",
    iat: 1_690_000_000,
    exp: 4_102_444_800,
    scope: "read write",
    email: "somebody@example.com",
    roles: ["reader", "writer", "auditor"],
    pad: "",
  };
  const build = () => {
    const input = `${encode({ alg: "HS256", typ: "JWT", kid: "2024-01" })}.${encode(claims)}`;
    return `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
  };
  while (build().length < 500) claims.pad += "x";
  return build();
}

export const TOKEN = token();
export const JWT_CONFIGURATION = {
  secret: SECRET,
  issuer: "https://issuer.example",
  audience: "api",
};

/** The rows of the table: what is done, and with which bytes. `name` is that of the function. */
export const CASES = [
  { name: "jsonRead", what: "JSON: read a configuration of 2 KB", input: CONFIGURATION },
  { name: "jsonWrite", what: "JSON: write the same", input: CONFIGURATION },
  { name: "base64Encode", what: "base64: encode 1 KB", input: BYTES },
  { name: "base64Decode", what: "base64: decode 1 KB", input: BYTES.toString("base64") },
  { name: "hexEncode", what: "hex: encode 1 KB", input: BYTES },
  { name: "hexDecode", what: "hex: decode 1 KB", input: BYTES.toString("hex") },
  { name: "sha256", what: "SHA-256 of 1 KB", input: BYTES },
  { name: "sha512", what: "SHA-512 of 1 KB", input: BYTES },
  { name: "hmac", what: "HMAC-SHA-256 of 1 KB, key prepared", input: BYTES },
  {
    name: "percentDecode",
    what: "percent: decode 300 characters",
    input: "caf%C3%A9%20and%20plain+text/".repeat(10),
  },
  {
    name: "query",
    what: "query: the 6th of 8 parameters",
    input: "q=caf%C3%A9&lang=en&sort=date&order=desc&debug=0&page=12%2B1&size=50&x=",
  },
  {
    name: "regexFind",
    what: "regex: three groups of a path of 30 characters",
    input: "/api/v17/customers/a0b1c2d3e4f5",
  },
  {
    name: "regexSearch",
    what: "regex: search 1 KB of text",
    input: `${"The quick brown fox, 4 years old, jumps over the lazy dog-house. ".repeat(16)}at db-17.example`,
  },
  {
    name: "streamReplace",
    what: "replace three needles in 16 KB, in parts of 1 KB",
    input:
      `${"A line of text that has nothing to look for. ".repeat(8)}http://internal.example/needle secret\n`.repeat(
        41,
      ),
  },
  { name: "jwt", what: "JWT: verify HS256, 500 bytes", input: TOKEN },
].map((one) => ({ ...one, input: Buffer.from(one.input) }));
