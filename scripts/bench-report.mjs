// `bench` for the commands that make tables of its reports.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs `bench` from the repository's root and returns its report; this process ends as it does when it fails. */
export function benchReport(args) {
  const folder = mkdtempSync(join(tmpdir(), "bench-report-"));
  try {
    const file = join(folder, "report.json");
    const { status } = spawnSync(
      process.execPath,
      ["bin/as-proxy-wasm.mjs", "bench", ...args, "--json", file],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    if (status === 0) return JSON.parse(readFileSync(file, "utf8"));
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return process.exit();
}

/** Nanoseconds as microseconds with two digits. */
export const us = (ns) => (ns === null ? "?" : (ns / 1000).toFixed(2).replace(/^-0\.00$/, "0.00"));

/** An estimate as `value [low, high]`. */
export const shown = ({ value, low, high }, digits = us) =>
  `${digits(value)} [${digits(low)}, ${digits(high)}]`;

/** When and where the reports were made, as the end of a sentence. */
export function madeOn(reports) {
  const [{ startedAt, environment }] = reports;
  const { envoyVersion, nodeVersion, cpuModel, cores, platform } = environment;
  const load = Math.max(...reports.map((report) => report.environment.loadAverage));
  return (
    `on ${startedAt.slice(0, 10)} on ${cores} cores (${cpuModel}, ${platform}; load average up to ` +
    `${load.toFixed(1)}) with Envoy ${envoyVersion} and Node ${nodeVersion}`
  );
}

/** A Markdown table; all columns but the first are aligned right. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}
