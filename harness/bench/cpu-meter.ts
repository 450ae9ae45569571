// The CPU time of Envoy's worker thread, in nanoseconds, from the kernel's scheduler. It sees what
// the access log cannot: work after the last byte was sent (onLog, onDone, a garbage collection).
import { closeSync, openSync, readSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { pause } from "./pause.ts";

/** Before a reading, so that the worker has gone to sleep: then its last run is accounted for. */
const SETTLE_MS = 0.5;

/** Reads one thread's CPU time. */
export class CpuMeter {
  readonly #file: number;
  readonly #bytes = Buffer.alloc(64);

  private constructor(file: number) {
    this.#file = file;
  }

  /**
   * The meter of the only worker thread of a running Envoy; null where the kernel has no such
   * account (anything but Linux, or a Linux without scheduler statistics).
   */
  static async ofWorker(pid: number): Promise<CpuMeter | null> {
    if (process.platform !== "linux") return null;
    for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const folder = `/proc/${pid}/task/${thread}`;
      const name = await readFile(`${folder}/comm`, "utf8").catch(() => "");
      // Envoy names its workers "wrk:worker_0" and so on.
      if (!name.startsWith("wrk:")) continue;
      try {
        const meter = new CpuMeter(openSync(`${folder}/schedstat`, "r"));
        if (Number.isFinite(meter.#read())) return meter;
        meter.close();
      } catch {
        return null;
      }
    }
    return null;
  }

  /** Nanoseconds on a CPU since the thread began. Blocks for half a millisecond first. */
  read(): number {
    pause(SETTLE_MS);
    return this.#read();
  }

  #read(): number {
    const length = readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    // "<ns on a CPU> <ns waiting for one> <timeslices>"
    return parseInt(this.#bytes.toString("latin1", 0, length), 10);
  }

  close(): void {
    closeSync(this.#file);
  }
}
