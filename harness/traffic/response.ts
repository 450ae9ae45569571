// HTTP/1.1 responses from their bytes.

/** A response with its bytes. */
export interface RawResponse {
  readonly status: number;
  /** Names and values in the order in which they came, each byte as one character (latin1). */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without the frames of chunked encoding. */
  readonly body: Buffer;
  /** What came behind a body in chunks; as the headers. */
  readonly trailers: readonly (readonly [name: string, value: string])[];
  /** All that was received. */
  readonly raw: Buffer;
}

/** All the values of a header, in order. Names are compared without regard to case. */
export function valuesOf(message: Pick<RawResponse, "headers">, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter(([one]) => one.toLowerCase() === wanted).map(([, value]) => value);
}

/**
 * Reads a response to a request with this method. Answers null while it is incomplete; `ended`
 * says that no more will come. Informational responses (1xx) are skipped. Throws on what is no
 * HTTP/1.1 response.
 */
export function parseResponse(raw: Buffer, method: string, ended: boolean): RawResponse | null {
  const so = responseSoFar(raw, method, ended);
  return so?.complete === true ? so : null;
}

/** A response of which more may come. */
export interface PartialResponse extends RawResponse {
  readonly complete: boolean;
}

/** As parseResponse, for what has come so far; null while there is not all of the headers. */
export function responseSoFar(raw: Buffer, method: string, ended: boolean): PartialResponse | null {
  let start = 0;
  for (;;) {
    const end = raw.indexOf("\r\n\r\n", start);
    if (end < 0) return null;
    const { status, headers } = parseHead(raw.toString("latin1", start, end));
    start = end + 4;
    if (status >= 100 && status < 200 && status !== 101) continue;
    return { status, headers, raw, ...bodyOf(raw.subarray(start), method, status, headers, ended) };
  }
}

function parseHead(text: string): Pick<RawResponse, "status" | "headers"> {
  const [first = "", ...lines] = text.split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1];
  if (status === undefined)
    throw new Error(`this is no HTTP/1.1 response: ${JSON.stringify(first)}`);
  return { status: Number(status), headers: parseLines(lines) };
}

function parseLines(lines: readonly string[]): [string, string][] {
  return lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    if (colon < 0) throw new Error(`this is no header line: ${JSON.stringify(line)}`);
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")];
  });
}

type Body = Pick<PartialResponse, "body" | "trailers" | "complete">;

function bodyOf(
  rest: Buffer,
  method: string,
  status: number,
  headers: RawResponse["headers"],
  ended: boolean,
): Body {
  if (method === "HEAD" || status === 101 || status === 204 || status === 304)
    return { body: Buffer.alloc(0), trailers: [], complete: true };
  if (valuesOf({ headers }, "transfer-encoding").some((value) => /\bchunked\b/i.test(value))) {
    return unchunk(rest);
  }
  const length = valuesOf({ headers }, "content-length")[0];
  if (length === undefined) return { body: rest, trailers: [], complete: ended };
  const body = rest.subarray(0, Number(length));
  return { body, trailers: [], complete: body.length === Number(length) };
}

function unchunk(rest: Buffer): Body {
  const chunks: Buffer[] = [];
  const soFar = (): Body => ({ body: Buffer.concat(chunks), trailers: [], complete: false });
  let at = 0;
  for (;;) {
    const end = rest.indexOf("\r\n", at);
    if (end < 0) return soFar();
    const text = rest.toString("latin1", at, end);
    const size = /^[0-9a-f]+/i.exec(text)?.[0];
    if (size === undefined) throw new Error(`this is no size of a chunk: ${JSON.stringify(text)}`);
    const from = end + 2;
    const to = from + parseInt(size, 16);
    if (to === from) {
      // Trailers may follow; an empty line ends them.
      const last = rest.indexOf("\r\n\r\n", end);
      if (last < 0) return soFar();
      const lines = rest.toString("latin1", from, Math.max(from, last)).split("\r\n");
      const trailers = parseLines(lines.filter((line) => line !== ""));
      return { body: Buffer.concat(chunks), trailers, complete: true };
    }
    chunks.push(rest.subarray(from, to));
    if (rest.length < to + 2) return soFar();
    at = to + 2;
  }
}
