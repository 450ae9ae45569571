// Swaps by `dev` under load: the program as people start it follows a source that changes again and
// again, while requests go through its Envoy without a pause. The load and the upstream are in this
// process and not in `dev`'s, whose compiler would hold them up.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { Agent, createServer, get } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bundleProgram } from "./testing.ts";

const CONNECTIONS = 8;
const PATIENCE_MS = 60_000;

/** What has come of it. */
export interface SwapsResult {
  readonly swaps: number;
  readonly responses: number;
  /** What was wrong with responses: another status, another version than the old or the new. */
  readonly wrong: readonly string[];
  /** What `dev` said of each swap. */
  readonly buildMs: readonly number[];
  readonly swapMs: readonly number[];
  /** The exit code of `dev` after SIGINT. */
  readonly exit: number | null;
  /** What is left of it in its folder for temporary files. */
  readonly left: readonly string[];
}

/**
 * Swaps so many times. `folder` is for the filter and for what `dev` puts into temporary files;
 * `pauseMs` is how long each of the connections rests between two requests.
 */
export async function swapUnderLoad(
  swaps: number,
  folder: string,
  pauseMs = 0,
): Promise<SwapsResult> {
  const program = await bundleProgram();
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  const upstream = createServer((_request, response) => response.end("upstream"));
  upstream.keepAliveTimeout = 0;
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const { port } = upstream.address() as AddressInfo;
  await writeVersion(folder, 0);
  const child = spawn(
    process.execPath,
    [program.path, "dev", "filter.ts", "--upstream", `http://127.0.0.1:${port}`],
    { cwd: folder, env: { ...process.env, TMPDIR: temporary }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const output = new Output(child);
  try {
    const [, envoy = ""] = await output.until(/^http:\/\/127\.0\.0\.1:(\d+)$/m);
    const load = new Load(Number(envoy), pauseMs);
    const buildMs: number[] = [];
    const swapMs: number[] = [];
    for (let version = 1; version <= swaps; version++) {
      load.newest = version;
      await writeVersion(folder, version);
      const [, built = "", swapped = ""] = await output.until(
        new RegExp(`build ${version + 1}: .*built in (.*), swapped in (\\d+) ms$`, "m"),
      );
      buildMs.push(built.endsWith(" ms") ? parseFloat(built) : parseFloat(built) * 1000);
      swapMs.push(Number(swapped));
      await load.seen(version);
    }
    await load.stop();
    const exited = once(child, "exit");
    child.kill("SIGINT");
    const [exit] = (await exited) as [number | null];
    const left = await readdir(temporary);
    return { swaps, responses: load.responses, wrong: load.wrong, buildMs, swapMs, exit, left };
  } finally {
    child.kill("SIGKILL");
    upstream.closeAllConnections();
    upstream.close();
    await program.remove();
  }
}

/** Replaces the source by one that marks each response with its version. */
async function writeVersion(folder: string, version: number): Promise<void> {
  const text = `import { Action, HttpFilter, ResponseHeaders, registerHttpFilter } from "as-proxy-wasm";
class Versioned extends HttpFilter {
  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.set("x-version", "${version}");
    return Action.Continue;
  }
}
registerHttpFilter<Versioned>("versioned");
`;
  const path = join(folder, "filter.ts");
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

/** Requests on several connections that are kept, without a pause. */
class Load {
  /** The newest version that could answer. */
  newest = 0;
  responses = 0;
  readonly wrong: string[] = [];
  /** The newest version that has answered; nothing older than the one before it may answer. */
  #newestSeen = 0;
  #stopped = false;
  readonly #port: number;
  readonly #pauseMs: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #clients: readonly Promise<void>[];

  constructor(port: number, pauseMs: number) {
    this.#port = port;
    this.#pauseMs = pauseMs;
    this.#clients = Array.from({ length: CONNECTIONS }, () => this.#client());
  }

  /** Waits until a version has answered. */
  async seen(version: number): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.#newestSeen < version) {
      if (performance.now() > deadline) throw new Error(`version ${version} never answered`);
      await sleep(1);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#clients);
    this.#agent.destroy();
  }

  async #client(): Promise<void> {
    while (!this.#stopped) {
      // A request that is sent now is answered by what has been seen, the one before, or a newer one.
      const oldest = this.#newestSeen - 1;
      const { status, version } = await this.#ask();
      this.responses++;
      const isRight = status === 200 && version >= oldest && version <= this.newest;
      if (!isRight) this.wrong.push(`${status} by ${version}, not ${oldest} to ${this.newest}`);
      if (version > this.#newestSeen) this.#newestSeen = version;
      if (this.#pauseMs > 0) await sleep(this.#pauseMs);
    }
  }

  #ask(): Promise<{ status: number; version: number }> {
    return new Promise((resolve) => {
      const failed = (error: Error): void => {
        this.wrong.push(error.message);
        resolve({ status: 0, version: -1 });
      };
      const answered = (response: IncomingMessage): void => {
        const version = Number(response.headers["x-version"] ?? -1);
        response.resume();
        response.on("error", failed);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, version });
        });
      };
      get({ host: "127.0.0.1", port: this.#port, agent: this.#agent }, answered).on(
        "error",
        failed,
      );
    });
  }
}

/** What a program prints, to wait for. */
class Output {
  #text = "";
  #ended = false;

  constructor(child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (this.#text += chunk.toString()));
    }
    child.once("exit", () => (this.#ended = true));
  }

  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = pattern.exec(this.#text);
      if (found !== null) {
        // What comes next is behind it.
        this.#text = this.#text.slice(found.index + found[0].length);
        return found;
      }
      if (this.#ended || performance.now() > deadline) {
        throw new Error(`no ${String(pattern)} in:\n${this.#text.slice(-4000)}`);
      }
      await sleep(2);
    }
  }
}
