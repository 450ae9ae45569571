// `dev`: a filter in a real Envoy that follows its sources, with a page that shows what it does.
import type { Arguments, Command, Io } from "../../sdk/cli/command.ts";
import { usageError } from "../../sdk/cli/parse.ts";
import { ExitCode } from "../../sdk/errors.ts";
import type { DevEvent } from "../dev/events.ts";
import { History } from "../dev/history.ts";
import { startPageServer } from "../dev/page-server.ts";
import { runSession } from "../dev/session.ts";
import type { SessionOptions } from "../dev/session.ts";
import { Terminal } from "../dev/terminal.ts";
import { findSource } from "../module.ts";
import { filterArguments, numberFlag } from "./flags.ts";
import { readTrafficOptions, TRAFFIC_FLAGS } from "./traffic-flags.ts";

export const devCommand: Command = {
  name: "dev",
  summary: "run a filter in a real Envoy that follows its sources, with a live page",
  usage: "<example-or-source-or-wasm> [--config JSON-or-file] [flags]",
  flags: {
    config: {
      type: "string",
      multiple: true,
      value: "JSON-or-file",
      help: "the filter's configuration; a file is watched too",
    },
    "page-port": {
      type: "string",
      value: "N",
      help: "the port of the live page (default: a free one)",
    },
    "no-page": { type: "boolean", help: "without the live page" },
    ...TRAFFIC_FLAGS,
  },
  examples: [
    ["as-proxy-wasm dev filter.ts", "each change of a source is served a moment later"],
    [
      "as-proxy-wasm dev filters/auth --config auth.json --port 8080",
      "a folder; the configuration is watched, too",
    ],
    [
      "as-proxy-wasm dev filter.ts --upstream http://localhost:3000 --page-port 8081",
      "in front of a service of one's own",
    ],
    [
      "as-proxy-wasm dev target/wasm32-wasip1/release/filter.wasm",
      "a module that another compiler writes",
    ],
  ],
  async run(args, io) {
    const history = new History();
    const options = await readOptions(args, io, (event) => {
      history.add(event);
    });
    const terminal = new Terminal(io);
    history.subscribe(terminal.tell);
    const port = numberFlag(args, "page-port", 0, 65_535, 0);
    const page = args.has("no-page") ? null : await startPageServer(port, history);
    try {
      if (page !== null) terminal.page(page.url);
      await runSession(options);
    } catch (error) {
      if (!io.signal.aborted) throw error;
    } finally {
      await page?.close();
    }
    // Ctrl-C is how `dev` is meant to end; before it listens it is an interruption.
    return history.address === null ? ExitCode.Interrupted : ExitCode.Ok;
  },
};

async function readOptions(
  args: Arguments,
  io: Io,
  tell: (event: DevEvent) => void,
): Promise<SessionOptions> {
  const [filter, another] = filterArguments(args);
  if (another !== undefined) {
    throw usageError(devCommand, `dev takes one filter, and ${another.filter} is a second`);
  }
  return {
    ...readTrafficOptions(args),
    source: await findSource(filter?.filter ?? ""),
    config: filter?.config ?? null,
    tell,
    progress: (text) => {
      io.err(`${text}\n`);
    },
    signal: io.signal,
  };
}
