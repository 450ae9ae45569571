// Runs what a Markdown file tells its reader to run.
import { execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import assert from "node:assert/strict";
import { promisify } from "node:util";
import { listenLocally } from "../../harness/traffic/listen.ts";

export interface Block {
  /** What stands behind the opening fence: `sh`, `ts`, `text`. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown text, in order. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
}

/** A port of 127.0.0.1 that was free a moment ago, for texts that must name one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await listenLocally(server);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const execute = promisify(execFile);

/**
 * Runs the `sh` blocks line by line as a reader would: a `run` command goes on in a terminal of its
 * own and is ended by Ctrl-C after its block. Each line of a `text` block must be in what the block
 * before it printed.
 */
export async function follow(
  blocks: readonly Block[],
  cwd: string,
  rewrite: (line: string) => string,
): Promise<void> {
  let printed = "";
  for (const { language, text } of blocks) {
    if (language === "text") {
      for (const line of text.trim().split("\n"))
        assert.ok(printed.includes(line), `no '${line}' in:\n${printed}`);
    }
    if (language !== "sh") continue;
    printed = "";
    const ends: (() => Promise<void>)[] = [];
    try {
      for (const line of text.trim().split("\n").map(rewrite)) {
        if (/^npx as-proxy-wasm run\b/.test(line)) ends.push(await inOwnTerminal(line, cwd));
        else
          printed += (await execute("/bin/sh", ["-c", line], { cwd, maxBuffer: 1 << 26 })).stdout;
      }
    } finally {
      for (const end of ends) await end();
    }
  }
}

/** Starts a command that stays up, waits until it has printed its curl line; the result is Ctrl-C. */
async function inOwnTerminal(line: string, cwd: string): Promise<() => Promise<void>> {
  // A process group of its own stands for the terminal: Ctrl-C reaches all of it.
  const child = spawn("/bin/sh", ["-c", line], {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  // Resolves once all that had our pipes, Envoy's keeper among them, has ended.
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const up = new Promise<void>((resolve) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes("curl ")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });
  const early = await Promise.race([up.then(() => false), ended.then(() => true)]);
  assert.ok(!early, `'${line}' ended:\n${output}`);
  return async () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    const code = await ended;
    // Null: npx itself ends by the signal.
    assert.ok(code === 0 || code === null, `'${line}' ended with ${String(code)}:\n${output}`);
  };
}
