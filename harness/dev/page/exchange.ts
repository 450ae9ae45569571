// An exchange as the page names it.
import type { Direction, Exchange, Header } from "../events.ts";
import { countChanges, diffHeaders } from "./diff.ts";
import type { HeaderChange } from "./diff.ts";

function valueOf(headers: readonly Header[] | null, name: string): string {
  return headers?.find(([each]) => each === name)?.[1] ?? "";
}

/** As the client asked for it. */
export function methodOf({ request }: Exchange): string {
  return valueOf(request.before, ":method");
}

/** As the client asked for it. */
export function pathOf({ request }: Exchange): string {
  return valueOf(request.before, ":path");
}

/** As the client got it; empty before that. */
export function statusOf({ response }: Exchange): string {
  return valueOf(response.after, ":status");
}

/** Whether the response was not the upstream's: the request never left the filter. */
export function isAnsweredInside({ request, response }: Exchange): boolean {
  return request.after === null && response.after !== null;
}

/** The time in the filter in both directions, in microseconds; null where it is not known. */
export function microsOf({ request, response }: Exchange): number | null {
  if (request.micros === null || response.micros === null) return null;
  return request.micros + response.micros;
}

/** What became of the headers of one direction; null as long as one side is not known. */
export function changesOf({ before, after }: Direction): readonly HeaderChange[] | null {
  return before === null || after === null ? null : diffHeaders(before, after);
}

/** What the filter did, in signs to see and in words to hear. */
export function describeChanges(exchange: Exchange): {
  readonly short: string;
  readonly long: string;
} {
  if (isAnsweredInside(exchange)) {
    const words = "answered before the upstream";
    return { short: words, long: words };
  }
  const { request, response } = exchange;
  const all = [...(changesOf(request) ?? []), ...(changesOf(response) ?? [])];
  const { added, removed, changed } = countChanges(all);
  const bodies = [request, response].filter(
    ({ bodyBefore, bodyAfter }) =>
      bodyBefore !== null && bodyAfter !== null && bodyBefore !== bodyAfter,
  ).length;
  const parts = [
    [added, `+${added}`, `${added} added`],
    [removed, `−${removed}`, `${removed} removed`],
    [changed, `~${changed}`, `${changed} changed`],
    [bodies, "body", "body changed"],
  ] as const;
  const told = parts.filter(([count]) => count > 0);
  if (told.length === 0) return { short: "unchanged", long: "unchanged" };
  return {
    short: told.map(([, sign]) => sign).join(" "),
    long: told.map(([, , words]) => words).join(", "),
  };
}
