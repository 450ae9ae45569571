// Requests made from a number: the same number makes the same request, on every machine.
import { seededRandom } from "../../sdk/inspect/testing.ts";

/** One request as both hosts are sent it. */
export interface Scenario {
  readonly seed: number;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty for none. */
  readonly body: string;
  /** The body is sent with chunked encoding. */
  readonly chunked: boolean;
}

const METHODS = ["GET", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];
const REFERERS = [
  "",
  "http://example/a?b",
  "https://example/#c",
  "/a",
  "a/b",
  "a:b",
  "ftp://a/",
  "<a>",
];
const PATHS = ["/", "/a", "/a/b?c=d&e", "/deny", "/%C3%BC?q=%00", "//x//", "/a?b?c", "/*"];
/** Some that Envoy joins when they come twice, some that it keeps apart, some that filters look for. */
const NAMES = [
  "accept",
  "Accept-Encoding",
  "authorization",
  "cache-control",
  "content-type",
  "cookie",
  "forwarded",
  "if-match",
  "origin",
  "set-cookie",
  "User-Agent",
  "via",
  "x-api-key",
  "X-API-KEY",
  "x-forwarded-host",
  "x-hello",
  "x-Twice",
  "x-twice",
  "x-empty",
  "x-set",
  "x-added",
  "x-long",
];

/** Makes the request of that number. */
export function scenario(seed: number): Scenario {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = (list: readonly string[]): string => list[below(list.length)] ?? "";
  const bytes = (length: number, from: () => number): string =>
    String.fromCharCode(...Array.from({ length }, from));
  const printable = (): number => 0x21 + below(0x5e);
  const high = (): number => 0x80 + below(0x80);

  const value = (): string => {
    switch (below(8)) {
      case 0:
        return "";
      case 1:
        return bytes(1 + below(12), high);
      case 2:
        return `${bytes(3, printable)}\t ${bytes(2, high)}`;
      case 3:
        return bytes(200 + below(800), printable);
      case 4:
        return `example-key-${1 + below(3)}`;
      case 5:
        return Buffer.from("ünïcödé 😀").toString("latin1");
      default:
        return bytes(1 + below(20), printable);
    }
  };

  const method = oneOf(METHODS);
  const headers = [
    ["host", "example"],
    ["x-seed", String(seed)],
  ] as [string, string][];
  headers.push(["x-bytes", value()]);
  if (below(5) === 0) headers.push(["Referer", oneOf(REFERERS)]);
  for (let more = below(14); more > 0; more--) headers.push([oneOf(NAMES), value()]);
  const mayHaveBody = ["POST", "PUT", "PATCH"].includes(method);
  const length = mayHaveBody && below(3) > 0 ? 1 + below(3000) : 0;
  const body = bytes(length, () => below(256));
  return { seed, method, path: oneOf(PATHS), headers, body, chunked: below(2) === 0 };
}
