import type { Host } from "../host/host.ts";
import type { FilterLogLine, FilterLogs } from "./api.ts";
import { neverCame } from "./waiting.ts";

/** What the filter on a host has logged. */
export function logsOf(host: Host): FilterLogs {
  const { logs } = host;
  return {
    get lines() {
      return logs.lines;
    },
    texts: (level) => logs.texts(level),
    text: () => logs.text(),
    until: (pattern) =>
      Promise.resolve().then((): FilterLogLine => {
        const found = logs.lines.find(({ text }) => pattern.test(text));
        if (found !== undefined) return found;
        throw neverCame(
          `the filter has logged nothing that fits ${String(pattern)}`,
          `It logged: ${logs.text()}`,
        );
      }),
  };
}
