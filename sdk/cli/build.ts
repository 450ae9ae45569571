// `build`: a filter's source to a module that Envoy takes.
import { isAbsolute, relative } from "node:path";
import { ExitCode } from "../errors.ts";
import { inspectModule } from "../inspect/inspect.ts";
import type { Command } from "./command.ts";
import { count, formatBytes } from "./format.ts";
import { usageError } from "./parse.ts";

/** What `build --json` prints. */
export interface BuildJson {
  readonly schema: 1;
  /** The absolute path of the module. */
  readonly out: string;
  readonly bytes: number;
  /** The size without the name section, which only stack traces need. */
  readonly bytesWithoutNames: number;
  /** The callbacks that the module exports. */
  readonly callbacks: readonly string[];
  /** The names that the filter registers itself by. */
  readonly registrations: readonly string[];
  readonly milliseconds: number;
}

export const buildCommand: Command = {
  name: "build",
  summary: "compile a filter to a small WebAssembly module",
  usage: "<file-or-folder> [flags]",
  flags: {
    out: {
      type: "string",
      short: "o",
      value: "FILE",
      help: "where the module goes (default: build/<name>.wasm)",
    },
    debug: { type: "boolean", help: "with a source map beside it" },
    json: { type: "boolean", help: "print the result as JSON" },
  },
  examples: [
    ["as-proxy-wasm build filter.ts", "writes build/filter.wasm"],
    ["as-proxy-wasm build filters/auth -o auth.wasm", "a folder is built from its filter.ts"],
  ],
  async run(args, io) {
    const [entry, another] = args.positionals;
    if (entry === undefined) throw usageError(buildCommand, "build needs a file or a folder");
    if (another !== undefined) {
      throw usageError(buildCommand, `build takes one filter, and ${another} is a second`);
    }
    // The compiler takes a quarter of a second to load: only those who build wait for it.
    const { build } = await import("../compiler/build.ts");
    const out = args.text("out");
    const result = await build({
      entry,
      debug: args.has("debug"),
      ...(out === undefined ? {} : { out }),
    });
    const { bytes, bytesWithoutNames } = inspectModule(result.wasm, result.out);
    const { callbacks, registrations, milliseconds } = result;
    const names =
      bytes === bytesWithoutNames ? "" : ` (${formatBytes(bytesWithoutNames)} without names)`;
    io.err(
      `${[
        shownPath(result.out),
        formatBytes(bytes) + names,
        count(callbacks.length, "callback"),
        `${(milliseconds / 1000).toFixed(1)} s`,
      ].join("  ")}\n`,
    );
    if (args.has("json")) {
      const json: BuildJson = {
        schema: 1,
        out: result.out,
        bytes,
        bytesWithoutNames,
        callbacks,
        registrations,
        milliseconds,
      };
      io.out(`${JSON.stringify(json, null, 2)}\n`);
    }
    return ExitCode.Ok;
  },
};

/** A path as people would write it: from the current folder when it is inside of that. */
function shownPath(path: string): string {
  const short = relative("", path);
  return short.startsWith("..") || isAbsolute(short) ? path : short;
}
