// `bench`: what filters cost in a real Envoy.
import type { Command } from "../../sdk/cli/command.ts";
import { ExitCode } from "../../sdk/errors.ts";
import { bench } from "./bench.ts";
import { benchOptions } from "./options.ts";
import { ReportFile } from "./report-file.ts";
import { renderTable } from "./table.ts";

export const benchCommand: Command = {
  name: "bench",
  summary: "measure the latency that filters add in a real Envoy",
  usage: "[NAME=]<example-or-wasm> [--config JSON-or-file] ... [flags]",
  flags: {
    config: {
      type: "string",
      multiple: true,
      value: "JSON-or-file",
      help: "the configuration of the filter before it",
    },
    baseline: {
      type: "string",
      value: "NAME",
      help: "the filter that the others are compared with (default: the first)",
    },
    header: {
      type: "string",
      multiple: true,
      value: "'NAME: VALUE'",
      help: "a header of the requests that are sent",
    },
    path: { type: "string", value: "PATH", help: "the path of the requests (default: /)" },
    seconds: { type: "string", value: "N", help: "how long to measure (default: 30)" },
    rounds: { type: "string", value: "N", help: "how many rounds of bursts instead" },
    quick: { type: "boolean", help: "measure for 6 seconds: wider intervals" },
    rate: {
      type: "string",
      value: "N",
      help: "requests a second for the client's latency (default: up to 2000, as filters allow)",
    },
    seed: {
      type: "string",
      value: "N",
      help: "for the order of the bursts and the intervals (default: 1)",
    },
    json: { type: "string", value: "FILE", help: "write the report as JSON; - prints it instead" },
    envoy: {
      type: "string",
      value: "PATH",
      help: "the Envoy to use (default: found or downloaded)",
    },
  },
  examples: [
    ["as-proxy-wasm bench noop hello", "two examples against no filter, and against each other"],
    [
      "as-proxy-wasm bench old=v1.wasm new=v2.wasm --json bench.json",
      "two builds of a filter, with a report for scripts",
    ],
    [
      "as-proxy-wasm bench api-key --config keys.json --header 'x-api-key: secret'",
      "a filter that wants something of the request",
    ],
  ],
  async run(args, io) {
    const options = benchOptions(args);
    const toFile = options.json !== undefined && options.json !== "-";
    const file = toFile ? await ReportFile.reserve(options.json) : null;
    try {
      const report = await bench(options, io);
      const json = `${JSON.stringify(report, null, 2)}\n`;
      io.out(options.json === "-" ? json : renderTable(report));
      if (file !== null) {
        await file.write(json);
        io.err(`the report is in ${options.json ?? ""}\n`);
      }
      return ExitCode.Ok;
    } catch (error) {
      if (io.signal.aborted) return ExitCode.Interrupted;
      throw error;
    } finally {
      await file?.discard();
    }
  },
};
