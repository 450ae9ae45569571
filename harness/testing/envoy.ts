// What the harness's own tests share.
import { spawnSync } from "node:child_process";
import { access, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap, type ListenerSpec, type WasmFilterSpec } from "../envoy/bootstrap.ts";
import type { Bootstrap } from "../envoy/bootstrap.ts";
import { locateEnvoy } from "../envoy/locate.ts";
import type { RunningEnvoy } from "../envoy/process.ts";
import { formatLine, type EnvoyLine } from "../envoy/lines.ts";

/** The path of the Envoy that tests run. */
export async function testEnvoy(): Promise<string> {
  return (await locateEnvoy()).path;
}

/** A bootstrap with one listener `test`, which answers 200 `direct` behind the filters. */
export function oneListener(
  filters: readonly WasmFilterSpec[],
  more: Partial<ListenerSpec> = {},
): Bootstrap {
  const upstream = { kind: "direct", status: 200, body: "direct" } as const;
  return bootstrap({ listeners: [{ name: "test", filters, upstream, ...more }], clusters: [] });
}

/** Collects lines, and resolves when one fits: logs arrive on another way than responses. */
export class Lines {
  readonly all: EnvoyLine[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (line: EnvoyLine): void => {
    this.all.push(line);
    for (const look of this.#waiting) look();
  };

  /** The first line, past or to come, that fits. */
  until(fits: (line: EnvoyLine) => boolean): Promise<EnvoyLine> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no such line in 60 s, but:\n${this.all.map(formatLine).join("\n")}`));
      }, 60_000);
      const look = (): void => {
        const line = this.all.find(fits);
        if (line === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(line);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** Whether a process with this path in its command line runs. One that has ended has none. */
export async function isRunning(pid: number, path: string): Promise<boolean> {
  const command =
    process.platform === "linux"
      ? await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
      : spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  return command.includes(path);
}

/** Ends, without asking them, the Envoys whose own folders are in this one. */
export function killEnvoysIn(folder: string): void {
  const { stdout } = spawnSync("ps", ["-axww", "-o", "pid=,command="], { encoding: "utf8" });
  for (const line of stdout.split("\n")) {
    const [, pid, command = ""] = /^ *(\d+) (.*)$/.exec(line) ?? [];
    if (command.includes(`-c ${folder}/`)) process.kill(Number(pid), "SIGKILL");
  }
}

/** Whether there is a file or folder. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Waits until an Envoy and its folder are gone; the runner's own time limit ends the wait. */
export async function gone(envoy: Pick<RunningEnvoy, "pid" | "folder">): Promise<void> {
  while ((await isRunning(envoy.pid, envoy.folder)) || (await exists(envoy.folder)))
    await sleep(10);
}
