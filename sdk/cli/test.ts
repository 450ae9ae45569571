// `test`: runs tests of filters on the in-process host, in a real Envoy, or on both.
import { resolve } from "node:path";
import type { Stress } from "../compiler/runtime-library.ts";
import { ExitCode } from "../errors.ts";
import type { Backend } from "../test-api/api.ts";
import { FORMS } from "../test-runner/forms.ts";
import type { Form } from "../test-runner/forms.ts";
import type { RunResult } from "../test-runner/run.ts";
import type { Keys } from "../test-runner/watch.ts";
import type { Arguments, Command, Io } from "./command.ts";
import { wordFlag, wordFlags } from "./word-flag.ts";

/** What the command needs of what it must not know: Envoy and the terminal. */
export interface TestSurroundings {
  /** Finds an Envoy: the one that was named, or any. Fails as locateEnvoy does. */
  readonly locateEnvoy: (path: string | undefined, io: Io) => Promise<string>;
  /** Where keys are pressed while `--watch` waits. */
  readonly keys: () => Keys;
  /** Whether the report is for a terminal with colours. */
  readonly color: boolean;
}

const WHERE = ["host", "envoy", "both"] as const;
const WAITING =
  "the tests wait for a debugger: open chrome://inspect, or attach an editor to the address below; they end when it has gone\n";
const STRESSES = ["collect", "poison"] as const;

/** The command, with what it needs. */
export function testCommand(surroundings: TestSurroundings): Command {
  return {
    name: "test",
    summary: "run tests of filters in Node, in a real Envoy, or in both",
    usage: "[file-or-folder ...] [flags]",
    flags: {
      on: {
        type: "string",
        value: "WHERE",
        help: "host (in this process's Node, the default), envoy, or both",
      },
      watch: { type: "boolean", short: "w", help: "run again what a change concerns" },
      reporter: {
        type: "string",
        value: "FORM",
        help: `${FORMS.join(", ")} (default: spec)`,
      },
      trace: { type: "boolean", help: "show every callback and host call, of all tests" },
      inspect: { type: "boolean", help: "wait for a debugger, and let it take its time" },
      stress: {
        type: "string",
        multiple: true,
        value: "KIND",
        help: "build so that faults of memory handling show: collect, poison",
      },
      envoy: {
        type: "string",
        value: "ENVOY",
        help: "the Envoy to use: a path, or 1.40.0 or 1.36.4 to fetch (default: found or downloaded)",
      },
    },
    examples: [
      ["as-proxy-wasm test", "all *.test.ts and *.spec.ts below the current folder, on the host"],
      ["as-proxy-wasm test filters/auth --on both", "one folder, on the host and in a real Envoy"],
      ["as-proxy-wasm test --watch", "again whenever a filter or a test is saved"],
      ["as-proxy-wasm test --reporter junit > report.xml", "for a CI system"],
    ],
    async run(args, io) {
      const options = readOptions(args);
      // Loaded when it is needed: the other commands do not wait for it.
      const [{ findTestFiles }, { bundleFolder }, { runTests }, { watchTests }, { makeReporter }] =
        await Promise.all([
          import("../test-runner/discover.ts"),
          import("../test-runner/bundle.ts"),
          import("../test-runner/run.ts"),
          import("../test-runner/watch.ts"),
          import("../test-runner/reporters/index.ts"),
        ]);
      const cwd = resolve(".");
      const find = (): Promise<readonly string[]> => findTestFiles(args.positionals, cwd);
      const files = await find();
      const { on, trace } = options;
      const envoy = on.includes("envoy")
        ? await surroundings.locateEnvoy(args.text("envoy"), io)
        : null;
      const folder = await bundleFolder(cwd);
      const { color } = surroundings;
      const out = (text: string): void => {
        io.out(text);
      };
      const onOutput = (text: string): void => {
        io.err(text);
      };
      const run = (some: readonly string[]): Promise<RunResult> => {
        const reporter = makeReporter(options.form, { out, color, trace, cwd, on });
        const { signal } = io;
        const places = { cwd, folder: folder.path };
        return runTests({ ...options, ...places, files: some, envoy, reporter, onOutput, signal });
      };
      if (options.debugging) io.err(WAITING);
      try {
        if (args.has("watch")) {
          return await watchTests({ find, run, keys: surroundings.keys(), io });
        }
        const { totals } = await run(files);
        return totals.counts.failed === 0 ? ExitCode.Ok : ExitCode.UserCode;
      } finally {
        await folder.remove();
      }
    },
  };
}

interface TestOptions {
  readonly on: readonly Backend[];
  readonly form: Form;
  readonly stress: Stress;
  readonly trace: boolean;
  readonly debugging: boolean;
}

function readOptions(args: Arguments): TestOptions {
  const where = wordFlag(args, "on", WHERE, "host");
  const stresses = wordFlags(args, "stress", STRESSES);
  return {
    on: where === "both" ? ["host", "envoy"] : [where],
    form: wordFlag(args, "reporter", FORMS, "spec"),
    stress: {
      collectAlways: stresses.includes("collect"),
      poisonFreed: stresses.includes("poison"),
    },
    trace: args.has("trace"),
    debugging: args.has("inspect"),
  };
}
