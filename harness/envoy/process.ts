// A running Envoy: started on free ports with a temporary folder of its own, so that any number of
// them can run at once, and ended whatever happens (see guarded-folder.ts).
import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:fs";
import { access, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, ToolError } from "../../sdk/errors.ts";
import { guardedFolder, type GuardedFolder } from "../guarded-folder.ts";
import { admin, askAdmin, parseListeners, parseStats } from "./admin.ts";
import type { Bootstrap } from "./bootstrap.ts";
import { describeEnd, startFailure, type ProcessEnd } from "./failure.ts";
import { formatLine, lineParser, LineSplitter, LOG_FORMAT, Tail } from "./lines.ts";
import type { EnvoyLine, LogLevel, WasmLogLine } from "./lines.ts";
import { pluginConfig } from "./wasm-plugin.ts";
import type { WasmFilterSpec } from "./wasm-plugin.ts";

export interface EnvoyOptions {
  /** The path of the Envoy binary; locateEnvoy finds one. */
  readonly binary: string;
  readonly bootstrap: Bootstrap;
  /** The number of worker threads. Default: 1. */
  readonly concurrency?: number;
  /** The least level at which filters' log lines are shown. Default: info. */
  readonly filterLogLevel?: LogLevel;
  /** Filters that come by discovery later: whose log lines are theirs. */
  readonly discovered?: readonly WasmFilterSpec[];
  /** Whether to hear what Lua scripts log at info; else from warn on, as of Envoy itself. */
  readonly scriptLogs?: boolean;
  /** Called with each line of Envoy's output, as it comes. */
  readonly onLine?: (line: EnvoyLine) => void;
  /** Stops Envoy when aborted; a start that is under way rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** How long Envoy may take to become ready, in milliseconds. Default: 30,000. */
  readonly startTimeout?: number;
}

/** An Envoy that is ready, on 127.0.0.1. */
export interface RunningEnvoy extends AsyncDisposable {
  readonly pid: number;
  /** Its own temporary folder and its working directory; removed when it is stopped. */
  readonly folder: string;
  readonly adminPort: number;
  /** The port of a listener of the bootstrap. */
  port(listener: string): number;
  /** The end of what Envoy has printed: at most some 256 KiB. */
  output(): string;
  /** What the filters have logged, oldest first; a live list, of at most some 4 MiB. */
  readonly wasmLogs: readonly WasmLogLine[];
  /** Counters and gauges whose name begins with the text or fits the expression. */
  stats(wanted?: string | RegExp): Promise<ReadonlyMap<string, number>>;
  /** Asks the admin interface; anything but 200 is an error. */
  admin(path: string, options?: { readonly method?: "GET" | "POST" }): Promise<string>;
  /** Opens the access logs anew and returns once all that was logged is in the files. */
  reopenLogs(): Promise<void>;
  /** Resolves when Envoy has ended, asked or not. */
  readonly exited: Promise<ProcessEnd>;
  /** Ends Envoy, waits for it and removes its folder. May be called again. */
  stop(): Promise<void>;
}

const OUTPUT_LIMIT = 256 * 1024;
const WASM_LOG_LIMIT = 4 * 1024 * 1024;
/** How long Envoy may take to end by itself; a filter that loops for ever holds its worker. */
const GRACE_MS = 3_000;
const LEVEL_NAMES: Readonly<Record<LogLevel, string>> = {
  trace: "trace",
  debug: "debug",
  info: "info",
  warn: "warning",
  error: "error",
  critical: "critical",
};

/**
 * Starts Envoy and waits until it is ready.
 *
 * Fails with ERR_FILTER_REFUSED or ERR_FILTER_TRAPPED (what Envoy and the filter said as detail),
 * ERR_PORT_TAKEN, ERR_NO_ENVOY for a binary that cannot be started, else ERR_ENVOY_FAILED. Nothing
 * is left behind then.
 */
export async function startEnvoy(options: EnvoyOptions): Promise<RunningEnvoy> {
  options.signal?.throwIfAborted();
  if (process.platform === "win32") {
    throw new ToolError("ERR_PLATFORM", "Envoy does not run on Windows", {
      hint: "use Linux, macOS or WSL; `build`, `inspect` and host tests work here",
    });
  }
  await checkExecutable(options.binary);
  const folder = await guardedFolder();
  let envoy: EnvoyProcess;
  try {
    envoy = await EnvoyProcess.spawn(options, folder);
  } catch (error) {
    await folder.remove();
    throw error;
  }
  try {
    await envoy.ready();
    return envoy;
  } catch (error) {
    await envoy.stop();
    throw error;
  }
}

async function checkExecutable(binary: string): Promise<void> {
  try {
    if (!(await stat(binary)).isFile()) throw new Error("it is no file");
    await access(binary, constants.X_OK);
  } catch (cause) {
    throw cannotStart(binary, cause);
  }
}

function cannotStart(binary: string, cause: unknown): ToolError {
  return new ToolError("ERR_NO_ENVOY", `${binary} cannot be started: ${messageOf(cause)}`, {
    hint: "name an Envoy for this machine by --envoy PATH or ENVOY_PATH; on Linux it needs glibc 2.31 or later",
    cause,
  });
}

class EnvoyProcess implements RunningEnvoy {
  readonly pid: number;
  readonly folder: string;
  readonly exited: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #guarded: GuardedFolder;
  readonly #options: EnvoyOptions;
  readonly #lines = new Tail<EnvoyLine>(OUTPUT_LIMIT, (line) => line.text.length + 64);
  readonly #wasmLines = new Tail<WasmLogLine>(WASM_LOG_LIMIT, (line) => line.text.length + 64);
  readonly #onAbort = (): void => void this.stop();
  #end: ProcessEnd | null = null;
  #adminPort = 0;
  #ports: ReadonlyMap<string, number> = new Map();
  #stopped: Promise<void> | null = null;

  static async spawn(options: EnvoyOptions, guarded: GuardedFolder): Promise<EnvoyProcess> {
    const configuration = join(guarded.path, "envoy.json");
    await writeFile(configuration, JSON.stringify(options.bootstrap));
    const levels = [
      `wasm:${LEVEL_NAMES[options.filterLogLevel ?? "info"]}`,
      ...(options.scriptLogs === true ? ["lua:info"] : []),
    ];
    const flags = [
      ["-c", configuration],
      ["--concurrency", String(options.concurrency ?? 1)],
      ["--log-level", "warning"],
      ["--component-log-level", levels.join(",")],
      ["--log-format", LOG_FORMAT],
      ["--admin-address-path", adminFile(guarded.path)],
      ["--disable-hot-restart", "--log-format-escaped"],
    ].flat();
    const child = spawn(options.binary, flags, {
      cwd: guarded.path,
      // In a session of its own: Ctrl-C in the terminal is for us, and we stop Envoy.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (child.pid !== undefined) guarded.watch(child.pid);
    // Made at once, in the tick of the spawn: no line of output is missed.
    const envoy = new EnvoyProcess(child, options, guarded);
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (cause) => {
        reject(cannotStart(options.binary, cause));
      });
    });
    return envoy;
  }

  private constructor(child: ChildProcess, options: EnvoyOptions, guarded: GuardedFolder) {
    this.#child = child;
    this.#options = options;
    this.#guarded = guarded;
    this.pid = child.pid ?? 0;
    this.folder = guarded.path;
    this.exited = new Promise((resolve) => {
      // After "exit" the last lines may still be on their way; after "close" all have come.
      child.once("close", (code, signal) => {
        this.#end = { code, signal };
        options.signal?.removeEventListener("abort", this.#onAbort);
        resolve(this.#end);
      });
    });
    this.#read();
  }

  get adminPort(): number {
    return this.#adminPort;
  }

  get wasmLogs(): readonly WasmLogLine[] {
    return this.#wasmLines.items;
  }

  port(listener: string): number {
    const port = this.#ports.get(listener);
    if (port === undefined) throw new Error(`this Envoy has no listener ${listener}`);
    return port;
  }

  output(): string {
    return this.#lines.items.map(formatLine).join("\n");
  }

  async stats(wanted?: string | RegExp): Promise<ReadonlyMap<string, number>> {
    return parseStats(await this.admin("/stats"), wanted);
  }

  admin(path: string, options?: { readonly method?: "GET" | "POST" }): Promise<string> {
    return admin(this.#adminPort, path, options?.method);
  }

  async reopenLogs(): Promise<void> {
    await this.admin("/reopen_logs", { method: "POST" });
    // Envoy answers before its flushing thread has written what was buffered.
    const buffered = "filesystem.write_total_buffered";
    while (((await this.stats(buffered)).get(buffered) ?? 0) > 0) await sleep(5);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Waits until Envoy answers on its admin interface and all its listeners have their ports. */
  async ready(): Promise<void> {
    const { signal, startTimeout = 30_000 } = this.#options;
    const deadline = performance.now() + startTimeout;
    while (!(await this.#isReady())) {
      signal?.throwIfAborted();
      if (this.#end !== null) throw startFailure(this.#lines.items, this.#end);
      if (performance.now() > deadline) throw this.#notReady(startTimeout);
      await sleep(10);
    }
    signal?.throwIfAborted();
    signal?.addEventListener("abort", this.#onAbort);
  }

  async #isReady(): Promise<boolean> {
    try {
      const address = await readFile(adminFile(this.folder), "utf8");
      const port = Number(/:(\d+)$/.exec(address.trim())?.[1] ?? 0);
      if (port === 0 || (await askAdmin(port, "/ready", "GET", 1_000)).status !== 200) return false;
      this.#adminPort = port;
      this.#ports = parseListeners(await admin(port, "/listeners?format=json"));
    } catch {
      return false;
    }
    const { listeners } = this.#options.bootstrap.static_resources;
    return listeners.every(({ name }) => (this.#ports.get(name) ?? 0) !== 0);
  }

  #notReady(startTimeout: number): ToolError {
    return new ToolError(
      "ERR_ENVOY_FAILED",
      `Envoy did not become ready in ${startTimeout / 1000} s`,
      {
        hint: "a filter that loops at its start would hold it; so would a machine without a free processor",
        detail: this.output(),
      },
    );
  }

  #read(): void {
    const parse = lineParser(
      this.#options.bootstrap,
      (this.#options.discovered ?? []).map(pluginConfig),
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      const lines = new LineSplitter((text) => {
        const line = parse(text);
        this.#lines.push(line);
        if (line.wasm !== null) this.#wasmLines.push(line.wasm);
        this.#options.onLine?.(line);
      });
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => {
        lines.push(chunk);
      });
      stream.on("end", () => {
        lines.end();
      });
    }
  }

  async #stop(): Promise<void> {
    if (this.#end === null) {
      this.#child.kill("SIGTERM");
      const late = new AbortController();
      const kill = sleep(GRACE_MS, undefined, { signal: late.signal }).then(
        () => this.#child.kill("SIGKILL"),
        () => false,
      );
      await this.exited;
      late.abort();
      await kill;
    }
    await this.#guarded.remove();
  }
}

/** The error for an Envoy that has ended although nobody stopped it. */
export function endedUnasked(envoy: RunningEnvoy, end: ProcessEnd): ToolError {
  return new ToolError("ERR_ENVOY_FAILED", `Envoy has ended (${describeEnd(end)})`, {
    hint: "Envoy's own words say why",
    detail: envoy.output(),
  });
}

function adminFile(folder: string): string {
  return join(folder, "admin-address");
}
