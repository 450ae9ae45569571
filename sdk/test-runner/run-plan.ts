// One process that runs tests.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../package-root.ts";
import type { Plan, Report } from "./protocol.ts";

export interface PlanOptions {
  /** Where the plan's file goes. */
  readonly folder: string;
  /** Told of everything, as it comes. */
  readonly onReport: (report: Report) => void;
  /** What the tests print. */
  readonly onOutput: (text: string) => void;
  /** Ends the process. */
  readonly signal: AbortSignal;
}

/** How the process ended, where that was not as it should; else null. */
export type BadEnd = string | null;

const OWN = join(packageRoot(), "dist", "sdk", "test-runner");
/** How long a process may take to end when it is asked to, before it is killed. */
const GRACE_MS = 5000;
const INSPECTOR_HOST = "127.0.0.1";
const INSPECTOR_PORT = 9229;
let plans = 0;

/** Runs the tests of a plan. Rejects with the signal's reason when it was aborted. */
export async function runPlan(plan: Plan, options: PlanOptions): Promise<BadEnd> {
  const { folder, onReport, onOutput, signal } = options;
  signal.throwIfAborted();
  const file = join(folder, `plan-${plans++}.json`);
  await writeFile(file, JSON.stringify(plan));
  const child = spawn(
    process.execPath,
    [
      "--enable-source-maps",
      ...(plan.debugging ? [`--inspect-wait=${INSPECTOR_HOST}:${await inspectorPort()}`] : []),
      `--test-reporter=${pathToFileURL(join(OWN, "child-reporter.js")).href}`,
      "--test-reporter-destination=stdout",
      join(OWN, "child.js"),
      file,
    ],
    { stdio: ["ignore", "pipe", "pipe", "ipc"], env: ownEnvironment() },
  );
  const told = { done: false };
  child.on("message", (message) => {
    const report = message as Report;
    if (report.kind === "done") told.done = true;
    else onReport(report);
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8");
    stream?.on("data", onOutput);
  }
  let kill: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill("SIGTERM");
    kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", stop);
  try {
    const end = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, by) => {
        resolve(by === null ? `exit code ${code ?? "unknown"}` : `signal ${by}`);
      });
    });
    signal.throwIfAborted();
    return told.done ? null : `the process that ran the tests ended before they did (${end})`;
  } finally {
    clearTimeout(kill);
    signal.removeEventListener("abort", stop);
  }
}

/** Node's own port, where tools look by themselves; another where something has it already. */
async function inspectorPort(): Promise<number> {
  const server = createServer();
  try {
    server.listen(INSPECTOR_PORT, INSPECTOR_HOST);
    await once(server, "listening");
    return INSPECTOR_PORT;
  } catch {
    return 0;
  } finally {
    server.close();
  }
}

/** Without the word by which Node's own runner tells a process to report to it: it may have started us. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env["NODE_TEST_CONTEXT"];
  return env;
}
