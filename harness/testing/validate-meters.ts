// Entry of scripts/validate-meters.mjs.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { checkPlace, publish } from "../../scripts/publish.mjs";
import { locateEnvoy } from "../envoy/locate.ts";
import type { Estimate } from "../bench/report-parts.ts";
import { readMeters } from "./meters.ts";

const { values } = parseArgs({
  options: {
    us: { type: "string", default: "5" },
    seconds: { type: "string", default: "30" },
    starts: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    within: { type: "string", default: "0.3" },
    write: { type: "boolean", default: false },
  },
});
const none = { rounds: 0, seconds: 0 };
const bursts = { rounds: Infinity, seconds: Number(values.seconds) };
const within = Number(values.within) * 1000;
const envoy = await locateEnvoy();
const stop = new AbortController();
process.once("SIGINT", () => {
  stop.abort();
});
const us = (nanoseconds: number | null): string =>
  nanoseconds === null ? "?" : (nanoseconds / 1000).toFixed(2);
const shown = ({ value, low, high }: Estimate): string => `${us(value)} [${us(low)}, ${us(high)}]`;
let failed = false;

const lines = [
  "| spent in | asked us | really spent us | meter | read us | off by us |",
  "| --- | ---: | ---: | --- | ---: | ---: |",
];
if (values.write) await checkPlace("docs/measuring.md", "meters");
for (const place of ["requestHeaders", "log"] as const) {
  const nanoseconds = Number(values.us) * 1000;
  const check = {
    place,
    nanoseconds,
    starts: Number(values.starts),
    seed: Number(values.seed),
    lengths: { bursts, sides: none, client: none, throughput: none },
  };
  const { spent, time, cpu } = await readMeters(envoy.path, check, stop.signal);
  // After the last byte the time meter has looked away already: there only CPU is to tell.
  const meters = { ...(place === "log" ? {} : { time }), ...(cpu === null ? {} : { CPU: cpu }) };
  for (const [meter, estimate] of Object.entries(meters)) {
    const off = (estimate.value ?? NaN) - spent;
    failed ||= !(Math.abs(off) <= within);
    const name = place === "log" ? "onLog" : "onRequestHeaders";
    lines.push(
      `| ${name} | ${values.us} | ${us(spent)} | ${meter} | ${shown(estimate)} | ${us(off)} |`,
    );
  }
}
const [day] = new Date().toISOString().split("T");
lines.push(
  "",
  `${day ?? ""}, Envoy ${envoy.version}, ${availableParallelism()} cores, ${values.starts} starts.`,
);
await publish("docs/measuring.md", "meters", lines.join("\n"), values.write);
if (failed) {
  console.error(`a meter is off by more than ${values.within} us`);
  process.exitCode = 1;
}
