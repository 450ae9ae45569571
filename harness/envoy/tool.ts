// Runs the programs that help to get an Envoy, and looks for programs on the PATH.
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, resolve } from "node:path";
import type { GuardedFolder } from "../guarded-folder.ts";

/** A program that is not on the PATH. */
export class NoSuchTool extends Error {
  override readonly name = "NoSuchTool";
}

export interface ToolOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Where it works; its guard ends it, should we end first. */
  readonly folder?: GuardedFolder;
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds. Default: ten minutes. */
  readonly timeout?: number;
  /** Called when the program was found. */
  readonly onStart?: () => void;
}

/** The end of a program's output that is kept, in characters. */
const OUTPUT_LIMIT = 16 * 1024;

/**
 * Runs a program and answers what it has printed on both streams. Throws NoSuchTool, the signal's
 * reason, or an Error with the last line that the program printed.
 */
export async function runTool(
  program: string,
  parameters: readonly string[],
  options: ToolOptions,
): Promise<string> {
  const { signal } = options;
  signal?.throwIfAborted();
  const path = program.includes("/") ? program : await onPath(program, options.env);
  if (path === null) throw new NoSuchTool(`there is no ${program} on the PATH`);
  options.onStart?.();
  const child = spawn(path, parameters, {
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.pid !== undefined) options.folder?.watch(child.pid);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-OUTPUT_LIMIT);
    });
  }
  // The whole group: an installer runs others.
  const kill = (): void => {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself in this moment.
    }
  };
  const { timeout = 600_000 } = options;
  const limit = AbortSignal.timeout(timeout);
  limit.addEventListener("abort", kill);
  signal?.addEventListener("abort", kill);
  try {
    const code = await new Promise<number | null>((resolveExit, reject) => {
      child.once("error", reject);
      child.once("close", resolveExit);
    });
    signal?.throwIfAborted();
    if (limit.aborted) throw new Error(`it took longer than ${timeout / 1000} s`);
    if (code !== 0) throw new Error(complaint(output) ?? `it ended with code ${code ?? "unknown"}`);
    return output;
  } finally {
    limit.removeEventListener("abort", kill);
    signal?.removeEventListener("abort", kill);
  }
}

/** The absolute path of a program on the PATH, or null. */
export async function onPath(program: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = resolve(folder, program);
    if ((await whyNotExecutable(path)) === null) return path;
  }
  return null;
}

/** Says why a path is no program that we may run, or null when it is one. */
export async function whyNotExecutable(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isFile()) return "it is no file";
    await access(path, constants.X_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
    return code === "EACCES" ? "it is not executable" : String(error);
  }
}

/** Why an installer has failed: its last line that speaks of an error, and its very last line. */
function complaint(output: string): string | null {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("[notice]"));
  const last = lines[lines.length - 1];
  if (last === undefined) return null;
  const error = lines.findLast((line) => /^error\b/i.test(line)) ?? last;
  return error === last ? last : `${error} (${last})`;
}
