// Bytes: a filter that copies a header, beside the same filter that does something with it. What a
// helper adds is the difference of the two modules, built as authors build them.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";

/**
 * The helpers: what is imported, and a function body that makes another text of `text`. The row of
 * a helper of another part of the SDK goes here too.
 */
const HELPERS = [
  {
    what: "JSON reader: strings of a configuration, with errors",
    names: ["Json"],
    body: `const json = Json.parse(text);
      json.onlyKeys(["a", "b"]);
      const value = json.string("a", "") + json.array("b").at(0).asString();
      const error = json.error;
      return error !== null ? error : value;`,
  },
  {
    what: "the same with numbers and durations",
    names: ["Json"],
    body: `const json = Json.parse(text);
      json.onlyKeys(["a", "b"]);
      const sum = json.number("c", 0) + <f64>json.integer("d", 0) + <f64>json.duration("e", 0);
      const value = json.string("a", "") + json.array("b").at(0).asString() + text.charAt(<i32>sum);
      const error = json.error;
      return error !== null ? error : value;`,
  },
  {
    what: "JSON writer: strings and whole numbers",
    names: ["JsonWriter"],
    body: `return new JsonWriter().object().key("a").string(text).key("b").integer(text.length).end().finish().value;`,
  },
  {
    what: "the same with doubles",
    names: ["JsonWriter"],
    body: `return new JsonWriter().object().key("a").string(text).key("b").number(0.1 * text.length).end().finish().value;`,
  },
  {
    what: "durations",
    names: ["parseDuration"],
    body: `return text.charAt(<i32>parseDuration(text).value);`,
  },
  {
    what: "base64, both ways",
    names: ["base64Encode", "base64Decode"],
    body: `return base64Encode(base64Decode(text).value);`,
  },
  {
    what: "hex, both ways",
    names: ["hexEncode", "hexDecode"],
    body: `return hexEncode(hexDecode(text).value);`,
  },
  {
    what: "percent-coding, both ways",
    names: ["percentEncode", "percentDecode"],
    body: `return percentEncode(percentDecode(text).value);`,
  },
  {
    what: "path: normal form",
    names: ["normalizePath"],
    body: `return normalizePath(text).value;`,
  },
  {
    what: "query: read and edit",
    names: ["Query"],
    body: `const query = new Query(text);
      const value = query.get("a");
      query.set("b", value !== null ? value : "");
      return query.toString();`,
  },
  {
    what: "cookies: read",
    names: ["Cookies"],
    body: `const value = new Cookies(text).get("a");
      return value !== null ? value : "";`,
  },
  {
    what: "Set-Cookie",
    names: ["SetCookie"],
    body: `return new SetCookie("a", text).build().value;`,
  },
  {
    what: "HTTP dates, both ways",
    names: ["formatHttpDate", "parseHttpDate"],
    body: `const date = formatHttpDate(parseHttpDate(text).value);
      return date !== null ? date : "";`,
  },
  {
    what: "glob",
    names: ["Glob"],
    body: `return Glob.path("/a/**").value.matches(text) ? text : "";`,
  },
  {
    what: "regular expressions",
    names: ["Regex"],
    body: `return Regex.compile("^/a/(\\\\d+)").value.test(text) ? text : "";`,
  },
  {
    what: "search and replace in a stream",
    names: ["Needles", "StreamReplacer", "utf8Decode", "utf8Encode"],
    body: `const needles = new Needles();
      needles.add("needle", "pin");
      return utf8Decode(new StreamReplacer(needles).push(utf8Encode(text), true));`,
  },
  {
    what: "CIDR",
    names: ["Cidr", "IpAddress"],
    body: `const range = Cidr.parse("10.0.0.0/8");
      const address = IpAddress.parse(text);
      return range !== null && address !== null && range.contains(address) ? text : "";`,
  },
  {
    what: "SHA-256",
    names: ["hexEncode", "sha256Text"],
    body: `return hexEncode(sha256Text(text));`,
  },
  {
    what: "SHA-512",
    names: ["hexEncode", "sha512Text"],
    body: `return hexEncode(sha512Text(text));`,
  },
  {
    what: "HMAC-SHA-256",
    names: ["HmacSha256", "hexEncode", "utf8Encode"],
    body: `return hexEncode(new HmacSha256(utf8Encode("key")).signText(text));`,
  },
  {
    what: "JWT: HS256",
    names: ["Hs256Key", "JwtVerifier"],
    body: `const verifier = new JwtVerifier();
      const key = Hs256Key.fromText("0123456789abcdef0123456789abcdef");
      if (key) verifier.keys.push(key);
      const claims = verifier.verify(text, 1_700_000_000_000_000_000).claims;
      return claims ? claims.string("sub", "") : "";`,
  },
  {
    what: "JWT: RS*, ES* by a JWKS",
    names: ["JwkSet", "JwtVerifier", "jwtKeysOf"],
    body: `const verifier = new JwtVerifier();
      verifier.keys = jwtKeysOf(JwkSet.parse(text));
      const claims = verifier.verify(text, 1_700_000_000_000_000_000).claims;
      return claims ? claims.string("sub", "") : "";`,
  },
  {
    what: "UUID",
    names: ["randomUuid"],
    body: `const uuid = randomUuid();
      return uuid !== null ? uuid : text;`,
  },
  {
    what: "protobuf, both ways",
    names: ["ProtobufReader", "ProtobufWriter", "utf8Decode"],
    body: `const reader = new ProtobufReader(new ProtobufWriter().string(1, text).finish());
      return reader.next() ? reader.string() : "";`,
  },
];

const source = (names, body) => `
import { Action, HttpFilter, RequestHeaders, registerHttpFilter${names.map((name) => `, ${name}`).join("")} } from "as-proxy-wasm";
function use(text: string): string {
  ${body}
}
class Sized extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    const text = headers.get("a");
    if (text !== null) headers.set("b", use(text));
    return Action.Continue;
  }
}
registerHttpFilter<Sized>("sized");
`;

/** The table of all helpers. */
export async function sizeTable() {
  await mkdir("build", { recursive: true });
  const folder = await mkdtemp("build/sizes-");
  try {
    const sizeOf = async (names, body) => {
      const file = `${folder}/filter.ts`;
      await writeFile(file, source(names, body));
      const command = [
        "bin/as-proxy-wasm.mjs",
        "build",
        file,
        "-o",
        `${folder}/filter.wasm`,
        "--json",
      ];
      return JSON.parse(
        execFileSync(process.execPath, command, {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        }),
      ).bytesWithoutNames;
    };
    const without = await sizeOf([], "return text;");
    const lines = ["| helper | bytes that it adds |", "|---|---:|"];
    for (const { what, names, body } of HELPERS) {
      const added = (await sizeOf(names, body)) - without;
      lines.push(`| ${what} | ${added.toLocaleString("en-US")} |`);
    }
    return `${lines.join("\n")}\n`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
