// Makes of test files what Node runs: Node 20 runs no TypeScript.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Message, Plugin } from "esbuild";
import { projectCacheFolder } from "../compiler/cache-folder.ts";
import { ToolError } from "../errors.ts";
import { packageRoot } from "../package-root.ts";
import { isSpecFile } from "./discover.ts";
import type { BundledTest } from "./protocol.ts";

/** Test files as Node runs them. */
export interface Bundles {
  readonly tests: readonly BundledTest[];
  /** What each test file was made from, by its own path; all absolute. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** What is wrong with those that are no TypeScript or JavaScript, by their paths. */
  readonly broken: ReadonlyMap<string, ToolError>;
}

/** A folder in the project's cache that belongs to this process; it is removed by `remove`. */
export interface BundleFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const FOLDER = /^tests-(\d+)$/;

/** Makes the folder. Within the project, so that tests find what they import. */
export async function bundleFolder(cwd: string): Promise<BundleFolder> {
  const parent = projectCacheFolder(cwd);
  const path = join(parent, `tests-${process.pid}`);
  await mkdir(path, { recursive: true });
  // Of a process that was killed there is nobody to clean up but us.
  for (const name of await readdir(parent)) {
    const pid = Number(FOLDER.exec(name)?.[1] ?? process.pid);
    if (!isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Bundles test files into a folder. */
export async function bundleTests(
  files: readonly string[],
  folder: string,
  cwd: string,
): Promise<Bundles> {
  const bundleOf = new Map(
    files.map((file, index) => [file, join(folder, `${index}-${basename(file)}.mjs`)]),
  );
  const inputs = new Map<string, readonly string[]>();
  const broken = new Map<string, ToolError>();
  const bundle = async (some: readonly string[]): Promise<void> => {
    const bundles = some.map((file) => [file, bundleOf.get(file) ?? ""] as const);
    for (const [file, made] of await inputsOf(bundles, folder, cwd)) inputs.set(file, made);
  };
  const specs = files.filter(isSpecFile);
  const others = files.filter((file) => !isSpecFile(file));
  try {
    await bundle(others);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    // One by one: the others run all the same.
    for (const file of others) {
      await bundle([file]).catch((own: unknown) => {
        if (!(own instanceof ToolError)) throw own;
        broken.set(file, own);
        if (own.place !== undefined) inputs.set(file, [resolve(cwd, own.place.file)]);
      });
    }
  }
  for (const spec of specs) await writeFile(bundleOf.get(spec) ?? "", specModule(spec, cwd));
  const tests = [...bundleOf].map(([source, path]) => ({ source, bundle: path }));
  return { tests: tests.filter(({ source }) => !broken.has(source)), inputs, broken };
}

/**
 * Bundles test files into one file each, and answers what each was made from. Throws ERR_COMPILE for
 * what is no TypeScript or JavaScript.
 */
async function inputsOf(
  bundles: readonly (readonly [file: string, bundle: string])[],
  folder: string,
  cwd: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  // Loading it takes some milliseconds, which `--help` should not.
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: cwd,
    entryPoints: bundles.map(([file, bundle]) => ({
      in: file,
      out: basename(bundle, ".mjs"),
    })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: true,
    metafile: true,
    logLevel: "silent",
    define: { "import.meta.url": IMPORT_META_URL },
    plugins: [ownFiles, ownPackage],
    // Settings of filters are not meant for tests.
    tsconfigRaw: {},
  }).catch((error: unknown) => {
    throw bundleError(error);
  });
  const inputs = new Map<string, readonly string[]>();
  for (const output of Object.values(result.metafile.outputs)) {
    if (output.entryPoint === undefined) continue;
    const paths = Object.keys(output.inputs).filter((input) => !input.startsWith(`${NAMESPACE}:`));
    inputs.set(
      resolve(cwd, output.entryPoint),
      paths.map((path) => resolve(cwd, path)),
    );
  }
  return inputs;
}

/** Declares the tests of a file in AssemblyScript; what that imports, the compiler finds. */
function specModule(source: string, cwd: string): string {
  const real = pathToFileURL(join(packageRoot(), "dist", "sdk", "spec", "index.js")).href;
  const path = relative(cwd, source).replaceAll(sep, "/");
  return [
    `import { test } from "node:test";`,
    `import { loadSpec } from ${JSON.stringify(real)};`,
    `const tests = await loadSpec(${JSON.stringify(path)}, ${JSON.stringify({ cwd })});`,
    // From here, so that results are of this file.
    "for (const { name, run } of tests) test(name, run);",
  ].join("\n");
}

const IMPORT_META_URL = "__as_proxy_wasm_file_url";

/** In the place where a bundle lies, `import.meta.url` would not be of the author's file. */
const ownFiles: Plugin = {
  name: "own-files",
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes("import.meta.url")) return null;
      const url = JSON.stringify(pathToFileURL(path).href);
      // In the first line, so that the numbers of lines stay.
      const contents = `const ${IMPORT_META_URL} = ${url}; ${text}`;
      return { contents, loader: /ts$/.test(path) ? "ts" : "js", resolveDir: dirname(path) };
    });
  },
};

const NAMESPACE = "as-proxy-wasm-testing";

/**
 * `as-proxy-wasm/testing` is always this package's own, and knows the folder of who imports it: filters
 * are looked for from there.
 */
const ownPackage: Plugin = {
  name: "own-package",
  setup(build) {
    const real = pathToFileURL(join(packageRoot(), "dist", "harness", "test-api", "index.js")).href;
    build.onResolve({ filter: /^as-proxy-wasm\/testing$/ }, ({ importer }) => ({
      path: dirname(importer),
      namespace: NAMESPACE,
    }));
    build.onResolve({ filter: /^file:/ }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: [
        `import { testsIn } from ${JSON.stringify(real)};`,
        `export * from ${JSON.stringify(real)};`,
        `export const { loadFilter } = testsIn(${JSON.stringify(path)});`,
      ].join("\n"),
      loader: "js",
    }));
  },
};

function bundleError(error: unknown): unknown {
  const [first] = messagesOf(error);
  if (first === undefined) return error;
  const { location, text } = first;
  // What ownFiles has put before the line.
  const before = new RegExp(`^const ${IMPORT_META_URL} = "[^"]*"; `).exec(location?.lineText ?? "");
  const added = before?.[0].length ?? 0;
  const place =
    location === null
      ? {}
      : {
          place: { file: location.file, line: location.line, column: location.column + 1 - added },
        };
  return new ToolError("ERR_COMPILE", `a test file does not compile: ${text}`, {
    ...place,
    ...(location === null
      ? {}
      : { detail: `${location.line} | ${location.lineText.slice(added)}` }),
    cause: error,
  });
}

function messagesOf(error: unknown): readonly Message[] {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors)
    ? (error.errors as Message[])
    : [];
}
