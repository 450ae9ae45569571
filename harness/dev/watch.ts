// The files that a build depends on, and whether one of them is another than it was.
//
// Asked by `stat` a few times a second: a watch by the system's own means loses a folder that is
// deleted and comes back, sees nothing on network and container mounts, and differs from system to
// system. Some tens of files cost a fraction of a millisecond a round.
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const INTERVAL_MS = 80;
/** Editors write in several steps: the files must have stood still for so long. */
const SETTLE_MS = 30;

/** What tells one state of a file from another; empty where no file can be seen. */
function signature(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return "";
  }
}

/** A set of files, each with the state in which it was when it was noted. */
export class WatchedFiles {
  #noted = new Map<string, string>();

  /** Adds a file as it is now; to be called before it is read, so that no change is missed. */
  readonly note = (path: string): void => {
    if (!this.#noted.has(path)) this.#noted.set(path, signature(path));
  };

  /** Forgets all files: the next build says anew what it depends on. */
  clear(): void {
    this.#noted = new Map();
  }

  /**
   * Waits until files have changed and stand still; answers which, or none once `enough` says so.
   * Rejects when aborted.
   */
  async changed(signal: AbortSignal, enough = (): boolean => false): Promise<readonly string[]> {
    for (;;) {
      if (enough()) return [];
      if (this.#changes().length > 0) {
        await this.#settled(signal);
        const changed = this.#changes();
        if (changed.length > 0) return changed;
      }
      await sleep(INTERVAL_MS, undefined, { signal });
    }
  }

  async #settled(signal: AbortSignal): Promise<void> {
    let before = "";
    for (let now = this.#state(); now !== before; now = this.#state()) {
      before = now;
      await sleep(SETTLE_MS, undefined, { signal });
    }
  }

  #changes(): readonly string[] {
    const changed: string[] = [];
    for (const [path, noted] of this.#noted) if (signature(path) !== noted) changed.push(path);
    return changed;
  }

  #state(): string {
    return Array.from(this.#noted.keys(), signature).join("\n");
  }
}
