// Whatever ends this process (Ctrl-C, SIGKILL, a crash, a plain exit), nothing of it may stay
// behind. A process that was killed cannot clean up, so beside each temporary folder runs a shell
// that blocks on a pipe from us. The system closes the pipe when we end; then the shell ends the
// process that works in the folder and removes the folder. One mechanism serves every way to end,
// and it needs no signal handlers, which a library should not install in its user's process.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// $1 is the folder. Lines read: the pid once there is one, "done" when all is cleaned up. The pid
// may have been given to another process meanwhile: its command line must contain the folder.
const SCRIPT = `
trap '' HUP INT TERM
pid=
while read -r word; do
  case $word in
    done) exit 0 ;;
    *) pid=$word ;;
  esac
done
if [ -n "$pid" ]; then
  if [ -r "/proc/$pid/cmdline" ]; then
    line=$(tr '\\0' ' ' < "/proc/$pid/cmdline")
  else
    line=$(ps -ww -o command= -p "$pid")
  fi
  case $line in
    *"$1"*) kill -KILL "$pid" ;;
  esac
fi
rm -rf "$1"
`;

/** A temporary folder that does not outlive this process. */
export interface GuardedFolder {
  readonly path: string;
  /** Names a process that must not outlive us either. Its command line must contain the path. */
  watch(pid: number): void;
  /** Removes the folder, once the watched process has ended. */
  remove(): Promise<void>;
}

/** Makes a temporary folder with its guard, in the system's folder for such or in `parent`. */
export async function guardedFolder(parent: string = tmpdir()): Promise<GuardedFolder> {
  const path = await mkdtemp(join(parent, "as-proxy-wasm-"));
  if (process.platform === "win32") {
    return {
      path,
      watch: () => undefined,
      remove: () => rm(path, { recursive: true, force: true }),
    };
  }
  // In a session of its own (detached): Ctrl-C in the terminal must not reach it.
  const guard = spawn("/bin/sh", ["-c", SCRIPT, "as-proxy-wasm-guard", path], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise<void>((resolve) => {
    guard.once("exit", () => {
      resolve();
    });
    guard.once("error", () => {
      resolve();
    });
  });
  // Somebody may have killed it: then there is nobody to tell.
  guard.stdin.on("error", () => undefined);
  return {
    path,
    watch(pid) {
      guard.stdin.write(`${pid}\n`);
    },
    async remove() {
      await rm(path, { recursive: true, force: true });
      guard.stdin.end("done\n");
      await ended;
    },
  };
}
