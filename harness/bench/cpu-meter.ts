// The CPU time of Envoy's worker threads, in nanoseconds, from the kernel's scheduler. It sees what
// the access log cannot: work after the last byte was sent (onLog, onDone, a garbage collection).
import { closeSync, openSync, readSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { pause } from "./pause.ts";

/** Before a reading, so that the worker has gone to sleep: then its last run is accounted for. */
const SETTLE_MS = 0.5;

/** Reads the CPU time of all workers. */
export class CpuMeter {
  readonly #files: readonly number[];
  readonly #bytes = Buffer.alloc(64);

  private constructor(files: readonly number[]) {
    this.#files = files;
  }

  /**
   * The meter of the worker threads of a running Envoy; null where the kernel has no such account
   * (anything but Linux, or a Linux without scheduler statistics).
   */
  static async ofWorkers(pid: number): Promise<CpuMeter | null> {
    if (process.platform !== "linux") return null;
    const files: number[] = [];
    for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const folder = `/proc/${pid}/task/${thread}`;
      const name = await readFile(`${folder}/comm`, "utf8").catch(() => "");
      // Envoy names its workers "wrk:worker_0" and so on.
      if (!name.startsWith("wrk:")) continue;
      try {
        files.push(openSync(`${folder}/schedstat`, "r"));
      } catch {
        continue;
      }
    }
    const meter = new CpuMeter(files);
    if (files.length > 0 && Number.isFinite(meter.readNow())) return meter;
    meter.close();
    return null;
  }

  /** Nanoseconds on a CPU since the threads began. Blocks for half a millisecond first. */
  read(): number {
    pause(SETTLE_MS);
    return this.readNow();
  }

  /** The same without the wait: for long stretches, where a slice of a thread does not count. */
  readNow(): number {
    let sum = 0;
    for (const file of this.#files) {
      const length = readSync(file, this.#bytes, 0, this.#bytes.length, 0);
      // "<ns on a CPU> <ns waiting for one> <timeslices>"
      sum += parseInt(this.#bytes.toString("latin1", 0, length), 10);
    }
    return sum;
  }

  close(): void {
    for (const file of this.#files) closeSync(file);
  }
}
