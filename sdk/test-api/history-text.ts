// What happened to a filter, for people: its callbacks, and under each what it asked of the host.
import { BodyAction, HeadersAction, NetworkAction, Status, TrailersAction } from "../host/abi.ts";
import type { CallbackRecord, HostCallRecord } from "../host/history.ts";

/** A stream or a connection, and what is to be said of it in a line. */
export interface StreamRecord {
  /** `GET /orders: 401`. */
  readonly title: string;
  readonly callbacks: readonly CallbackRecord[];
}

/** How many lines of a stream are shown where not all are asked for: the last ones. */
const LINES = 30;

function nameIn(names: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(names).find(([, one]) => one === value)?.[0] ?? String(value);
}

function answerOf({ callback, result }: CallbackRecord): string {
  if (result === null) return "";
  if (/_(?:request|response)_headers$/.test(callback)) return `: ${nameIn(HeadersAction, result)}`;
  if (/_(?:request|response)_body$/.test(callback)) return `: ${nameIn(BodyAction, result)}`;
  if (/_(?:request|response)_trailers$/.test(callback))
    return `: ${nameIn(TrailersAction, result)}`;
  if (/_(?:new_connection|(?:down|up)stream_data)$/.test(callback))
    return `: ${nameIn(NetworkAction, result)}`;
  if (/_(?:vm_start|configure|done)$/.test(callback)) return `: ${result === 0 ? "false" : "true"}`;
  return `: ${result}`;
}

function callLines(calls: readonly HostCallRecord[]): string[] {
  const lines: string[] = [];
  let times = 0;
  for (const [index, { name, result }] of calls.entries()) {
    const next = calls[index + 1];
    times++;
    if (next?.name === name && next.result === result) continue;
    const of = name.startsWith("proxy_") && result !== null ? nameIn(Status, result) : result;
    const answer = result === null ? "did not return" : String(of);
    lines.push(`    ${name}: ${answer}${times > 1 ? `, ${times} times` : ""}`);
    times = 0;
  }
  return lines;
}

function linesOf(callbacks: readonly CallbackRecord[]): string[] {
  return callbacks.flatMap((record) => [
    `  ${record.callback}${answerOf(record)}`,
    ...callLines(record.hostCalls),
  ]);
}

/** The last stream, or with `whole` the plugin's own callbacks and all streams; lines without an end. */
export function historyText(
  plugin: readonly CallbackRecord[],
  streams: readonly StreamRecord[],
  whole: boolean,
): string {
  const last = streams.length - 1;
  const blocks = streams.flatMap(({ title, callbacks }, index) => {
    if (!whole && index < last) return [];
    const lines = linesOf(callbacks);
    const left = whole ? 0 : Math.max(0, lines.length - LINES);
    const note = left === 0 ? [] : [`  ... ${left} lines before, which --trace shows`];
    return [`stream ${index + 1}, ${title}`, ...note, ...lines.slice(left)];
  });
  // Where there is no stream yet, what the plugin did is all there is.
  if (whole || streams.length === 0) blocks.unshift("plugin", ...linesOf(plugin));
  return blocks.join("\n");
}
