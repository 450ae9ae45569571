// From the filter's files to a module with its configuration, under a name that says what is in it:
// Envoy takes a module for new by its file's name, not by its bytes.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { build } from "../../sdk/compiler/build.ts";
import { messageOf, ToolError } from "../../sdk/errors.ts";
import { checkModule } from "../../sdk/inspect/check.ts";
import { inspectModule } from "../../sdk/inspect/inspect.ts";
import { ModuleSources, sourcesOf } from "../../sdk/trap/index.ts";
import { readConfiguration } from "../configuration.ts";
import type { WasmFilterSpec } from "../envoy/wasm-plugin.ts";
import type { FilterSource } from "../module.ts";

/** What a candidate is made from. */
export interface CandidateSource {
  readonly source: FilterSource;
  /** The filter's name in Envoy. */
  readonly name: string;
  /** The value of --config; null for the folder's own configuration, if it has one. */
  readonly config: string | null;
  /** Where modules are put. */
  readonly folder: string;
  /** Of the build: a module that is built anew from the same source is another to Envoy. */
  readonly number: number;
  /** Told of each file before it is read. */
  readonly onRead: (path: string) => void;
}

/** A module that could serve. */
export interface Candidate {
  readonly filter: WasmFilterSpec;
  /** The SHA-256 of the module, in hexadecimal digits. */
  readonly hash: string;
  /** Its size without function names. */
  readonly bytes: number;
  /** How long the compiler took; null for a module that somebody else has built. */
  readonly buildMs: number | null;
  /** Leads from a trap to its line; null for a module without a source map. */
  readonly sources: ModuleSources | null;
}

/** Whether two candidates are one to Envoy. */
export function isSame(one: Candidate, other: Candidate): boolean {
  return one.hash === other.hash && one.filter.configuration === other.filter.configuration;
}

/**
 * Builds, or takes, the module as its files are now. Throws a ToolError for all that is wrong with
 * the source, the module or the configuration.
 */
export async function makeCandidate(from: CandidateSource): Promise<Candidate> {
  const configuration = await configurationOf(from);
  const made = from.source.kind === "module" ? await read(from) : await compiled(from);
  const hash = createHash("sha256").update(made.wasm).digest("hex");
  const module = join(from.folder, `${from.number}-${hash}.wasm`);
  // Written beside and moved: Envoy never sees half a module.
  await writeFile(`${module}.new`, made.wasm);
  await rename(`${module}.new`, module);
  return {
    filter: { name: from.name, module, ...(configuration === null ? {} : { configuration }) },
    hash,
    bytes: inspectModule(made.wasm, made.shownAs).bytesWithoutNames,
    buildMs: made.buildMs,
    sources: made.sources,
  };
}

interface Made {
  readonly wasm: Uint8Array;
  readonly shownAs: string;
  readonly buildMs: number | null;
  readonly sources: ModuleSources | null;
}

async function compiled({ source, folder, onRead }: CandidateSource): Promise<Made> {
  const scratch = join(folder, "build");
  await mkdir(scratch, { recursive: true });
  const { wasm, sourceMap, milliseconds } = await build({
    entry: source.path,
    out: join(scratch, "filter.wasm"),
    debug: true,
    logPositions: true,
    onRead,
  });
  const sources = sourceMap === null ? null : new ModuleSources(wasm, sourceMap);
  return { wasm, shownAs: source.path, buildMs: milliseconds, sources };
}

async function read({ source, onRead }: CandidateSource): Promise<Made> {
  onRead(source.path);
  const shownAs = shownPath(source.path);
  const wasm = await readFile(source.path).catch((cause: unknown) => {
    throw new ToolError("ERR_FILE_NOT_FOUND", `${shownAs} cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  });
  checkModule(inspectModule(wasm, shownAs));
  return { wasm, shownAs, buildMs: null, sources: await sourcesOf(source.path) };
}

async function configurationOf({
  config,
  source,
  onRead,
}: CandidateSource): Promise<string | null> {
  if (config !== null) {
    // JSON on the command line is no file, and never becomes one that matters.
    onRead(resolve(config));
    return readConfiguration(config);
  }
  if (source.defaults === null) return null;
  onRead(source.defaults);
  const there = await stat(source.defaults).catch(() => null);
  return there === null ? null : readConfiguration(shownPath(source.defaults));
}

/** A path as people would write it: from the current folder when it is inside of that. */
export function shownPath(path: string): string {
  const short = relative("", path);
  return short.startsWith("..") || isAbsolute(short) ? path : short;
}

/** What a filter is called: by its file, or by its folder where the file's name says nothing. */
export function nameOf(source: FilterSource): string {
  const base = basename(source.path).replace(/\.(?:ts|wasm)$/, "");
  return base === "filter" || base === "index" ? basename(resolve(source.path, "..")) : base;
}
