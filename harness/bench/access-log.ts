// One listener's access log: when Envoy received and sent the bytes of each request, in nanoseconds
// of its own clock, so without the client's noise.
import { readFile } from "node:fs/promises";

/**
 * The log's format, one line a request. A duration that Envoy does not have (of an upstream that the
 * request did not reach) is "-".
 * - from the first byte received to the last byte sent: everything the client waits for;
 * - from the last byte received to the first byte sent: the filters' work on the headers of request
 *   and response (Envoy answers itself, so there is no upstream to split the two);
 * - from the first to the last byte sent: the work on the response's body and trailers;
 * - from the first byte received to the first byte sent to the upstream: the request's side;
 * - from the first byte received of the upstream to the last byte sent: the response's side;
 * - the response code's details, which name a trap.
 */
export const ACCESS_LOG_FORMAT =
  "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:ns)% %COMMON_DURATION(DS_RX_END:DS_TX_BEG:ns)% " +
  "%COMMON_DURATION(DS_TX_BEG:DS_TX_END:ns)% %COMMON_DURATION(DS_RX_BEG:US_TX_BEG:ns)% " +
  "%COMMON_DURATION(US_RX_BEG:DS_TX_END:ns)% %RESPONSE_CODE_DETAILS%\n";

/** What Envoy's details say about a request whose filter trapped. */
const TRAP_DETAILS = "wasm_fail_stream";

/** Durations in nanoseconds, one entry a request, in order; NaN where Envoy gave none. */
export interface AccessLog {
  readonly total: Float64Array;
  readonly headers: Float64Array;
  readonly body: Float64Array;
  readonly requestSide: Float64Array;
  readonly responseSide: Float64Array;
  /** How many requests ended because their filter trapped. */
  readonly traps: number;
}

/** Parses the log's text. Lines that are not of the format, such as an unfinished last one, are NaN. */
export function parseAccessLog(text: string): AccessLog {
  // Only what ends with a line feed is a line: Envoy may be in the middle of writing the next.
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  lines.pop();
  const fields = lines.map((line) => line.split(" "));
  const column = (nth: number): Float64Array =>
    Float64Array.from(fields, (line) => nanoseconds(line[nth]));
  return {
    total: column(0),
    headers: column(1),
    body: column(2),
    requestSide: column(3),
    responseSide: column(4),
    traps: fields.filter((line) => line[5]?.startsWith(TRAP_DETAILS) === true).length,
  };
}

function nanoseconds(field: string | undefined): number {
  return field !== undefined && /^\d+$/.test(field) ? Number(field) : NaN;
}

/** Reads a log from its file; a file that is not there yet is an empty log. */
export async function readAccessLog(path: string): Promise<AccessLog> {
  return parseAccessLog(await readFile(path, "utf8").catch(() => ""));
}
