// `--watch`: runs what a change concerns, until somebody wants no more.
import { statSync, watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { Io } from "../cli/command.ts";
import { reportFailure } from "../cli/failure.ts";
import { ExitCode } from "../errors.ts";
import type { RunResult } from "./run.ts";

/** A terminal's keys, or lines of a pipe. */
export type Keys = Pick<NodeJS.ReadStream, "on" | "off" | "resume" | "pause"> & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

export interface WatchOptions {
  /** The test files that there are now, absolute. */
  readonly find: () => Promise<readonly string[]>;
  readonly run: (files: readonly string[]) => Promise<RunResult>;
  readonly keys: Keys;
  readonly io: Io;
}

/** An editor writes several files, and each of them in several steps. */
const DEBOUNCE_MS = 50;

/** Runs all, then what changes concern; ends by `q` or Ctrl-C. */
export async function watchTests({ find, run, keys, io }: WatchOptions): Promise<ExitCode> {
  const wishes = new Wishes(keys, io.signal);
  const dependencies = new Map<string, ReadonlySet<string>>();
  let failed: ReadonlySet<string> = new Set();
  /** What did not even compile is run again by any change. */
  let broken = false;
  let files = await find();
  let wanted: readonly string[] = files;
  try {
    for (;;) {
      const started = Date.now();
      if (wanted.length > 0) {
        try {
          const result = await run(wanted);
          broken = false;
          for (const [file, some] of result.dependencies) dependencies.set(file, some);
          const again = new Set(wanted);
          failed = new Set([...[...failed].filter((file) => !again.has(file)), ...result.failed]);
        } catch (error) {
          if (io.signal.aborted) return ExitCode.Ok;
          reportFailure(error, false, io);
          broken = true;
        }
      }
      const used = [...dependencies.values()].flatMap((each) => [...each]);
      wishes.watchFoldersOf([...files, ...used], started);
      // Whoever reads it may change something at once.
      if (wanted.length > 0) io.err("watching: Enter runs all, f what failed, q quits\n");
      const wish = await wishes.next();
      if (wish === "quit") return ExitCode.Ok;
      files = await find().catch(() => files);
      if (wish === "all") wanted = files;
      else if (wish === "failed") wanted = files.filter((file) => failed.has(file));
      else {
        wanted = files.filter((file) => {
          const known = dependencies.get(file);
          return broken || known === undefined || wish.some((path) => concerns(known, path));
        });
      }
    }
  } finally {
    wishes.close();
  }
}

function concerns(dependencies: ReadonlySet<string>, path: string): boolean {
  return dependencies.has(path) || dependencies.has(dirname(path));
}

/** What is to be done next: run all, run what failed, end, or see to these files. */
type Wish = "all" | "failed" | "quit" | readonly string[];

/** Keys and changes, one after the other. */
class Wishes {
  readonly #keys: Keys;
  readonly #signal: AbortSignal;
  readonly #watchers = new Map<string, FSWatcher>();
  /** Since the last wish. */
  readonly #changed = new Set<string>();
  /** Those of them behind which it has been quiet. */
  #ready: readonly string[] = [];
  #pressed: Exclude<Wish, readonly string[]> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #wake: () => void = () => undefined;

  constructor(keys: Keys, signal: AbortSignal) {
    this.#keys = keys;
    this.#signal = signal;
    // Raw: a key counts at once, and Ctrl-C is one of them.
    if (keys.isTTY === true) keys.setRawMode?.(true);
    keys.on("data", this.#onKey);
    keys.resume();
    signal.addEventListener("abort", this.#onAbort);
  }

  /** What has changed since `since`, in milliseconds, in a folder that is new here is a change too. */
  watchFoldersOf(files: readonly string[], since: number): void {
    const fresh = new Set<string>();
    for (const file of new Set(files)) {
      const folder = dirname(file);
      if (folder.includes(`${sep}node_modules`)) continue;
      if (!this.#watchers.has(folder)) {
        this.#watch(folder);
        fresh.add(folder);
      }
      if (!fresh.has(folder)) continue;
      const found = statSync(file, { throwIfNoEntry: false });
      if (found?.isFile() === true && found.mtimeMs > since) this.#note(file);
    }
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null) this.#note(join(folder, name));
      });
      // A folder that is removed is watched no more.
      watcher.on("error", () => this.#watchers.delete(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // It is gone already.
    }
  }

  #note(path: string): void {
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#ready = [...this.#changed];
      this.#wake();
    }, DEBOUNCE_MS);
  }

  async next(): Promise<Wish> {
    for (;;) {
      if (this.#signal.aborted) return "quit";
      const pressed = this.#pressed;
      this.#pressed = null;
      if (pressed !== null) return pressed;
      const ready = this.#ready;
      if (ready.length > 0) {
        this.#ready = [];
        for (const path of ready) this.#changed.delete(path);
        return ready;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#keys.off("data", this.#onKey);
    if (this.#keys.isTTY === true) this.#keys.setRawMode?.(false);
    this.#keys.pause();
  }

  readonly #onKey = (data: Buffer | string): void => {
    // A terminal sends Enter as \r; a pipe sends lines.
    const key = data.toString().trim();
    if (key === "q" || key === "\u0003") this.#pressed = "quit";
    else if (key === "f") this.#pressed = "failed";
    else if (key === "") this.#pressed = "all";
    this.#wake();
  };

  readonly #onAbort = (): void => {
    this.#wake();
  };
}
