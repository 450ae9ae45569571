// `bench`: what filters cost in a real Envoy.
import type { Command, Io } from "../../sdk/cli/command.ts";
import { errorOf, ExitCode, ToolError } from "../../sdk/errors.ts";
import { addressOptions, asksForAddresses, type AddressOptions } from "./address-options.ts";
import { renderAddressMarkdown, renderAddressTable } from "./address-table.ts";
import { compareAddresses } from "./addresses.ts";
import { bench } from "./bench.ts";
import { BENCH_EXAMPLES, BENCH_FLAGS } from "./flags.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { OUTPUT_FORMATS, benchOptions, type BenchOptions, type Outputs } from "./options.ts";
import { Progress } from "./progress.ts";
import { ReportFile } from "./report-file.ts";
import type { BenchReport } from "./report.ts";
import { renderTable } from "./table.ts";
import { renderAddressReport } from "../report/address-report.ts";
import { renderReport } from "../report/report.ts";

/** A report in all its forms, and what is to be thrown once it is safe. */
interface Rendered extends Record<keyof Outputs, string> {
  readonly table: string;
  readonly failure: Error | null;
}

export const benchCommand: Command = {
  name: "bench",
  summary: "measure the latency that filters add in a real Envoy",
  usage: "[NAME=]<example-or-wasm> [--config JSON-or-file] ... [flags]",
  flags: BENCH_FLAGS,
  examples: BENCH_EXAMPLES,
  async run(args, io) {
    if (asksForAddresses(args)) {
      const options = addressOptions(args);
      return report(options.outputs, io, () => ofAddresses(options, io));
    }
    const options = await benchOptions(args);
    return report(options.outputs, io, () => ofFilters(options, io));
  },
};

/** Makes sure of the files, measures, and writes the report before anything is thrown. */
async function report(
  outputs: Outputs,
  io: Io,
  measure: () => Promise<Rendered>,
): Promise<ExitCode> {
  let measured = false;
  const files: { readonly format: keyof Outputs; readonly file: ReportFile }[] = [];
  try {
    for (const format of OUTPUT_FORMATS) {
      const path = outputs[format];
      if (path === undefined || path === "-") continue;
      files.push({ format, file: await ReportFile.reserve(path) });
    }
    const rendered = await measure();
    io.out(outputs.json === "-" ? rendered.json : rendered.table);
    let failure = rendered.failure;
    for (const { format, file } of files) {
      try {
        await file.write(rendered[format]);
        io.err(`the report is in ${file.path}\n`);
      } catch (error) {
        failure ??= errorOf(error);
      }
    }
    measured = true;
    if (failure !== null) throw failure;
    return ExitCode.Ok;
  } catch (error) {
    if (!io.signal.aborted) throw error;
    if (!measured) io.err("interrupted before there was anything to report\n");
    return ExitCode.Interrupted;
  } finally {
    for (const { file } of files) await file.discard();
  }
}

async function ofFilters(options: BenchOptions, io: Io): Promise<Rendered> {
  const { report, endedBy } = await bench(options, io);
  return {
    table: renderTable(report),
    json: jsonOf(report),
    markdown: renderMarkdown(report),
    junit: renderJunit(report),
    html: renderReport(report),
    failure: endedBy ?? exceeded(report),
  };
}

async function ofAddresses(options: AddressOptions, io: Io): Promise<Rendered> {
  const progress = new Progress(io);
  try {
    const { report, endedBy } = await compareAddresses(options, io.signal, (phase, done) => {
      progress.show(phase, done);
    });
    progress.end();
    return {
      table: renderAddressTable(report),
      json: jsonOf(report),
      markdown: renderAddressMarkdown(report),
      junit: "",
      html: renderAddressReport(report),
      failure: endedBy,
    };
  } finally {
    progress.end();
  }
}

function jsonOf(report: object): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

function exceeded({ budgets }: BenchReport): ToolError | null {
  const beyond = budgets.filter(({ outcome }) => outcome === "exceeded");
  const [first] = beyond;
  if (first === undefined) return null;
  const others = beyond.length === 1 ? "" : ` (and ${beyond.length - 1} more)`;
  return new ToolError("ERR_BUDGET", `a budget is exceeded: ${first.text}${others}`, {
    hint: "make the filter cheaper, or raise the limit where the cost is worth it",
    ...(beyond.length === 1 ? {} : { detail: beyond.map(({ text }) => text).join("\n") }),
  });
}
