// `git:REF`: the first filter's source as it was at a commit, a branch or a tag.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, realpath, stat, symlink } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { messageOf, ToolError } from "../../sdk/errors.ts";

const PREFIX = "git:";

/** Whether an argument names a commit instead of a filter. */
export function isGitRef(argument: string): boolean {
  return argument.startsWith(PREFIX);
}

/**
 * Writes the tree of a commit into a folder and returns where the source lies in it. Packages come
 * from the present node_modules. Fails with ERR_USAGE.
 * @param argument `git:REF`.
 * @param source The path of the source as it is now.
 */
export async function sourceAt(argument: string, source: string, folder: string): Promise<string> {
  const ref = argument.slice(PREFIX.length);
  const path = await realpath(resolve(source)).catch(() => null);
  if (path === null || path.endsWith(".wasm")) {
    throw new ToolError("ERR_USAGE", `${argument} wants a source to be built, not ${source}`, {
      hint: "name a .ts file or a folder first: bench ./my-filter --compare git:main",
    });
  }
  if (!/^[\w][\w./@^~{}-]*$/.test(ref)) {
    throw new ToolError("ERR_USAGE", `${argument} wants a commit, a branch or a tag behind git:`);
  }
  const from = (await stat(path)).isDirectory() ? path : dirname(path);
  const root = await git(from, argument, "rev-parse", "--show-toplevel");
  const commit = await git(from, argument, "rev-parse", "--verify", `${ref}^{commit}`);
  const tree = await mkdtemp(join(folder, "git-"));
  await extract(root, commit, tree, argument);
  await symlink(join(root, "node_modules"), join(tree, "node_modules")).catch(() => undefined);
  const then = join(tree, relative(root, path));
  if ((await stat(then).catch(() => null)) === null) {
    throw new ToolError("ERR_USAGE", `${argument}: there was no ${relative(root, path)} then`);
  }
  return then;
}

async function git(cwd: string, argument: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)("git", args, { cwd })).stdout.trim();
  } catch (cause) {
    throw notThere(argument, cause);
  }
}

/** `git archive` piped into `tar`. */
async function extract(
  root: string,
  commit: string,
  tree: string,
  argument: string,
): Promise<void> {
  const archive = spawn("git", ["archive", "--format=tar", commit], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const tar = spawn("tar", ["-x", "-C", tree], { stdio: ["pipe", "ignore", "ignore"] });
  // One that ends early says so by its exit code.
  tar.stdin.on("error", () => undefined);
  archive.stdout.pipe(tar.stdin);
  const codes = await Promise.all(
    [archive, tar].map(
      (child) =>
        new Promise<number | null>((done, failed) => {
          child.once("error", failed);
          child.once("close", done);
        }),
    ),
  ).catch((cause: unknown) => {
    throw notThere(argument, cause);
  });
  if (codes.some((code) => code !== 0)) throw notThere(argument, "git archive failed");
}

function notThere(argument: string, cause: unknown): ToolError {
  return new ToolError("ERR_USAGE", `${argument} cannot be read: ${messageOf(cause)}`, {
    hint: "the filter must lie in a git repository that has this commit, branch or tag",
    cause,
  });
}
