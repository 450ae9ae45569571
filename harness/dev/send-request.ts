// Requests that the page's form sends, so that one need not leave it for a terminal.
import { request } from "../traffic/client.ts";

/** As much of the form's fields as a request has; all may be left out. */
interface Wanted {
  readonly method: string;
  readonly path: string;
  /** One a line, as `name: value`. */
  readonly headers: string;
  readonly body: string;
}

/**
 * Sends what the JSON says to the filter and answers the response's status. Throws an error in words
 * for the page where it cannot be sent.
 */
export async function sendRequest(address: string | null, json: string): Promise<number> {
  if (address === null) throw new Error("nothing serves yet");
  const { method, path, headers, body } = readWanted(json);
  if (!/^[A-Z]{1,20}$/.test(method)) throw new Error(`${method} is no method`);
  if (!/^\/[!-~]*$/.test(path)) throw new Error("the path begins with / and has no spaces");
  const { port } = new URL(address);
  const response = await request({
    port: Number(port),
    method,
    path,
    headers: headers
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .map(readHeader),
    body,
  });
  return response.status;
}

function readWanted(json: string): Wanted {
  const parsed = JSON.parse(json) as Readonly<Record<string, unknown>> | null;
  const text = (name: string): string => {
    const value = parsed?.[name] ?? "";
    if (typeof value !== "string") throw new Error(`${name} is no text`);
    return value;
  };
  return {
    method: text("method") || "GET",
    path: text("path") || "/",
    headers: text("headers"),
    body: text("body"),
  };
}

function readHeader(line: string): readonly [string, Buffer] {
  const found = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*(.*?)[ \t]*$/.exec(line);
  if (found === null) throw new Error(`not a header, name: value: ${line}`);
  return [found[1] ?? "", Buffer.from(found[2] ?? "", "utf8")];
}
