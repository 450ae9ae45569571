import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ExitCode, ToolError } from "../errors.ts";
import { packageRoot } from "../package-root.ts";
import type { Arguments, Command } from "./command.ts";
import { main } from "./main.ts";
import { recordIo } from "./testing.ts";
import type { RecordedIo } from "./testing.ts";

/** A command that keeps the arguments it gets, and then does as it is told. */
function command(then: () => ExitCode | Promise<ExitCode> = () => ExitCode.Ok): Command & {
  readonly calls: Arguments[];
} {
  const calls: Arguments[] = [];
  return {
    calls,
    name: "greet",
    summary: "greet people",
    usage: "<name>... [flags]",
    flags: {
      loud: { type: "boolean", short: "l", help: "in capitals" },
      with: { type: "string", short: "w", value: "WORD", help: "another word than hello" },
      title: { type: "string", multiple: true, help: "a title" },
      json: { type: "boolean", help: "as JSON" },
    },
    examples: [["as-proxy-wasm greet Ada", "a plain greeting"]],
    async run(args) {
      calls.push(args);
      return then();
    },
  };
}

async function run(
  words: readonly string[],
  commands: readonly Command[] = [command()],
  io: RecordedIo = recordIo(),
): Promise<RecordedIo & { readonly exit: ExitCode }> {
  const exit = await main(words, commands, io);
  return { ...io, stdout: io.stdout, stderr: io.stderr, exit };
}

const GENERAL_HELP = `Write Envoy filters in AssemblyScript, run them in a real Envoy, know what they cost.

usage: as-proxy-wasm <command> [flags]

commands:
  greet           greet people
  help <command>  show what a command takes, with examples

flags:
  -h, --help     show this, or what a command takes
      --version  show the version
`;

const COMMAND_HELP = `greet: greet people

usage: as-proxy-wasm greet <name>... [flags]

flags:
  -l, --loud         in capitals
  -w, --with WORD    another word than hello
      --title VALUE  a title (may be repeated)
      --json         as JSON
  -h, --help         show this

examples:
  as-proxy-wasm greet Ada
      a plain greeting
`;

test("help that was asked for is data, on stdout", async () => {
  for (const words of [["--help"], ["-h"], ["help"], ["help", "help"], ["help", "--help"]]) {
    const { exit, stdout, stderr } = await run(words);
    assert.deepEqual([exit, stdout, stderr], [ExitCode.Ok, GENERAL_HELP, ""]);
  }
  for (const words of [
    ["greet", "--help"],
    ["greet", "Ada", "-h"],
    ["help", "greet"],
    ["greet", "-lh"],
  ]) {
    const greet = command();
    const { exit, stdout, stderr } = await run(words, [greet]);
    assert.deepEqual([exit, stdout, stderr], [ExitCode.Ok, COMMAND_HELP, ""]);
    assert.deepEqual(greet.calls, []);
  }
});

test("without any word the help goes to stderr, as wrong usage", async () => {
  const { exit, stdout, stderr } = await run([]);
  assert.deepEqual([exit, stdout, stderr], [ExitCode.Usage, "", GENERAL_HELP]);
});

test("the version is that of the package", async () => {
  const manifest = readFileSync(join(packageRoot(), "package.json"), "utf8");
  const { exit, stdout } = await run(["--version"]);
  assert.equal(exit, ExitCode.Ok);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  assert.ok(manifest.includes(`"version": "${stdout.trim()}"`));
});

test("a command gets its flags and the rest in order", async () => {
  const greet = command();
  const words = "--title Dr Ada -l --with=-hey --title=Prof Bob -- --loud".split(" ");
  const { exit } = await run(["greet", ...words], [greet]);
  assert.equal(exit, ExitCode.Ok);
  const [args] = greet.calls;
  assert.ok(args);
  assert.deepEqual(args.positionals, ["Ada", "Bob", "--loud"]);
  assert.deepEqual([args.has("loud"), args.has("json")], [true, false]);
  assert.equal(args.text("with"), "-hey");
  assert.deepEqual([args.text("title"), args.all("title")], ["Prof", ["Dr", "Prof"]]);
  assert.deepEqual([args.text("json"), args.all("json")], [undefined, []]);
  assert.deepEqual(args.tokens, [
    { flag: "title", value: "Dr" },
    { flag: null, value: "Ada" },
    { flag: "loud", value: "" },
    { flag: "with", value: "-hey" },
    { flag: "title", value: "Prof" },
    { flag: null, value: "Bob" },
    { flag: null, value: "--loud" },
  ]);
});

test("a value may be empty, and a lone dash is a value", async () => {
  const greet = command();
  await run(["greet", "--with", "", "--title", "-", "-"], [greet]);
  const [args] = greet.calls;
  assert.deepEqual([args?.text("with"), args?.text("title"), args?.positionals], ["", "-", ["-"]]);
});

test("the exit code of a command is that of the program", async () => {
  for (const code of [ExitCode.Ok, ExitCode.UserCode, ExitCode.Interrupted]) {
    const { exit } = await run(["greet"], [command(() => code)]);
    assert.equal(exit, code);
  }
});

test("wrong usage says what was meant, how it is used, and where to read on", async () => {
  const usage = "usage: as-proxy-wasm greet <name>... [flags]";
  const hint = "hint: `as-proxy-wasm greet --help` lists its flags, with examples.";
  const general = "usage: as-proxy-wasm <command> [flags]";
  const list = "hint: The commands are greet; `as-proxy-wasm --help` tells what they do.";
  const cases: readonly (readonly [
    words: string,
    message: string,
    detail: string,
    hint: string,
  ])[] = [
    ["great", "there is no command great: did you mean greet?", general, list],
    ["help great", "there is no command great: did you mean greet?", general, list],
    ["frobnicate", "there is no command frobnicate", general, list],
    ["--loud greet", "a command comes first, before --loud", general, list],
    ["greet --lod", "greet has no flag --lod: did you mean --loud?", usage, hint],
    ["greet --no-loud", "greet has no flag --no-loud: did you mean --loud?", usage, hint],
    ["greet -x", "greet has no flag -x", usage, hint],
    ["greet --constructor", "greet has no flag --constructor", usage, hint],
    ["greet --loud=yes", "--loud takes no value", usage, hint],
    ["greet --with", "--with needs a value: WORD", usage, hint],
    ["greet -w", "-w needs a value: WORD", usage, hint],
    ["greet --with --loud", "--with needs a value: WORD", usage, hint],
    ["greet --title", "--title needs a value", usage, hint],
  ];
  for (const [words, message, detail, way] of cases) {
    const greet = command();
    const { exit, stdout, stderr } = await run(words.split(" "), [greet]);
    assert.equal(exit, ExitCode.Usage, words);
    assert.equal(stdout, "", words);
    assert.equal(stderr, `error ERR_USAGE: ${message}\n${detail}\n${way}\n`);
    assert.deepEqual(greet.calls, []);
  }
});

const COMPILE_ERROR = new ToolError("ERR_COMPILE", "the type is wrong", {
  place: { file: "filter.ts", line: 3, column: 7 },
  detail: "  3 | let x: i32 = 's';\n    |       ^\n",
  hint: "Make it a string.",
});

test("a failure is told with its place, its detail and the way out", async () => {
  const failing = command(() => {
    throw COMPILE_ERROR;
  });
  const { exit, stdout, stderr } = await run(["greet"], [failing]);
  assert.equal(exit, ExitCode.UserCode);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    "error ERR_COMPILE: the type is wrong\n" +
      "  at filter.ts:3:7\n" +
      "  3 | let x: i32 = 's';\n" +
      "    |       ^\n" +
      "hint: Make it a string.\n",
  );
});

test("with --json a failure is JSON on stdout too", async () => {
  const failing = command(() => {
    throw COMPILE_ERROR;
  });
  const { exit, stdout, stderr } = await run(["greet", "--json"], [failing]);
  assert.equal(exit, ExitCode.UserCode);
  assert.match(stderr, /^error ERR_COMPILE: /);
  assert.deepEqual(JSON.parse(stdout), {
    error: {
      code: "ERR_COMPILE",
      message: "the type is wrong",
      hint: "Make it a string.",
      place: { file: "filter.ts", line: 3, column: 7 },
      detail: "  3 | let x: i32 = 's';\n    |       ^\n",
    },
  });
  const usage = await run(["greet", "--json", "--lod"]);
  assert.equal(usage.exit, ExitCode.Usage);
  assert.deepEqual(JSON.parse(usage.stdout), {
    error: {
      code: "ERR_USAGE",
      message: "greet has no flag --lod: did you mean --loud?",
      hint: "`as-proxy-wasm greet --help` lists its flags, with examples.",
      place: null,
      detail: "usage: as-proxy-wasm greet <name>... [flags]",
    },
  });
  const positional = await run(["greet", "--lod", "--", "--json"]);
  assert.equal(positional.stdout, "");
});

test("colours are for those who want them", async () => {
  const { stderr } = await run(["great"], [command()], recordIo({ color: true }));
  const [error = "", , hint = ""] = stderr.split("\n");
  assert.ok(error.startsWith("\u001b[1;31merror ERR_USAGE:\u001b[0m there is no command"));
  assert.ok(hint.startsWith("\u001b[36mhint:\u001b[0m The commands"));
});

test("anything else that is thrown is a bug of ours, with its stack", async () => {
  const failing = command(() => {
    throw new TypeError("x is not a function");
  });
  const { exit, stdout, stderr } = await run(["greet", "--json"], [failing]);
  assert.equal(exit, ExitCode.Internal);
  assert.match(stderr, /^error TypeError: x is not a function\n +at .+/);
  assert.match(stderr, /\nThis is a bug in as-proxy-wasm: please report it/);
  const { error } = JSON.parse(stdout) as { error: Record<string, unknown> };
  assert.deepEqual(
    [error["code"], error["message"], error["place"]],
    ["ERR_INTERNAL", "x is not a function", null],
  );
  assert.match(String(error["detail"]), /main\.test/);
});

test("a full disk is no bug of ours, wherever it strikes", async () => {
  const failing = command(() => {
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
  const { exit, stderr } = await run(["greet"], [failing]);
  assert.equal(exit, ExitCode.Usage);
  assert.match(
    stderr,
    /^error ERR_FILE_WRITE: a file cannot be written: ENOSPC.*\nhint: make room/,
  );
});

test("what a stopped operation throws is no failure, once Ctrl-C was pressed", async () => {
  const pressed = AbortSignal.abort();
  const stopped = command(() => {
    throw pressed.reason;
  });
  const { exit, stderr } = await run(["greet"], [stopped], recordIo({ signal: pressed }));
  assert.deepEqual([exit, stderr], [ExitCode.Interrupted, ""]);
  const failed = command(() => {
    throw new ToolError("ERR_ENVOY_FAILED", "Envoy ended");
  });
  const loud = await run(["greet"], [failed], recordIo({ signal: pressed }));
  assert.deepEqual(
    [loud.exit, loud.stderr],
    [ExitCode.Interrupted, "error ERR_ENVOY_FAILED: Envoy ended\n"],
  );
  const unpressed = await run(["greet"], [stopped]);
  assert.equal(unpressed.exit, ExitCode.Internal);
});
