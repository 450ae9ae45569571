// What stats-reader.test.ts calls.
import { StatsSnapshot } from "./stats-snapshot";

export { malloc } from "../abi/callbacks/memory";

const lines: string[] = [];

/**
 * Reads everything, a line for each; twice, for a snapshot may be read as often as one likes. Answers the
 * number of lines.
 */
export function readAll(): i32 {
  lines.length = 0;
  const stats = new StatsSnapshot();
  for (let round = 0; round < 2; round++) {
    const gauges = stats.gauges();
    const counters = stats.counters();
    for (let i = 0; i < counters.length; i++) {
      const each = counters[i];
      lines.push("c " + each.name + " " + each.value.toString() + " " + each.delta.toString());
    }
    for (let i = 0; i < gauges.length; i++) {
      lines.push("g " + gauges[i].name + " " + gauges[i].value.toString());
    }
  }
  stats.__close();
  if (stats.counters().length + stats.gauges().length != 0) lines.push("read after its end");
  return lines.length;
}

/** One of those lines. */
export function line(index: i32): string {
  return lines[index];
}
