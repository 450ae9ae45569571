// `run`: Envoy with some filters in front of an upstream, until Ctrl-C.
import type { Arguments, Command, Io } from "../../sdk/cli/command.ts";
import { ExitCode } from "../../sdk/errors.ts";
import { formatTrap, sourcesOf } from "../../sdk/trap/index.ts";
import type { ModuleSources } from "../../sdk/trap/index.ts";
import { bootstrap, type ClusterSpec, type WasmFilterSpec } from "../envoy/bootstrap.ts";
import type { EnvoyLine } from "../envoy/lines.ts";
import { locateEnvoy } from "../envoy/locate.ts";
import { endedUnasked, startEnvoy } from "../envoy/process.ts";
import { TrapWatcher } from "../envoy/trap-watcher.ts";
import { guardedFolder } from "../guarded-folder.ts";
import { resolveModule } from "../module.ts";
import { UPSTREAM } from "../traffic-options.ts";
import type { TrafficOptions } from "../traffic-options.ts";
import { startEcho } from "../traffic/echo.ts";
import { readConfiguration } from "../configuration.ts";
import { filterArguments, type FilterArgument } from "./flags.ts";
import { readTrafficOptions, TRAFFIC_FLAGS } from "./traffic-flags.ts";
import { printable } from "../printable.ts";

const LISTENER = "run";

export const runCommand: Command = {
  name: "run",
  summary: "run filters in a real Envoy until Ctrl-C",
  usage: "<example-or-wasm> [--config JSON-or-file] ... [flags]",
  flags: {
    config: {
      type: "string",
      multiple: true,
      value: "JSON-or-file",
      help: "the configuration of the filter before it",
    },
    ...TRAFFIC_FLAGS,
  },
  examples: [
    ["as-proxy-wasm run hello", "the example hello in front of an echo upstream"],
    [
      "as-proxy-wasm run build/auth.wasm --config auth.json --port 8080",
      "a module with its configuration",
    ],
    [
      "as-proxy-wasm run api-key hello --upstream http://localhost:3000",
      "two filters, in this order",
    ],
  ],
  async run(args, io) {
    const options = readOptions(args);
    try {
      return await serve(options, io);
    } catch (error) {
      if (io.signal.aborted) return ExitCode.Interrupted;
      throw error;
    }
  },
};

interface RunOptions extends TrafficOptions {
  readonly filters: readonly FilterArgument[];
}

function readOptions(args: Arguments): RunOptions {
  return { ...readTrafficOptions(args), filters: filterArguments(args) };
}

async function serve(options: RunOptions, io: Io): Promise<ExitCode> {
  const folder = await guardedFolder();
  // The last first: each is used by what is started after it.
  const cleanup = [() => folder.remove()];
  try {
    const filters = await resolveFilters(options.filters, folder.path);
    const traps = new TrapWatcher(await sourcesByName(filters));
    const located = await locateEnvoy({
      path: options.envoy,
      progress: (text) => {
        io.err(`${text}\n`);
      },
      signal: io.signal,
    });
    let upstream = options.upstream;
    if (upstream === null) {
      const echo = await startEcho();
      cleanup.unshift(() => echo.close());
      upstream = { name: UPSTREAM, host: "127.0.0.1", port: echo.port };
    }
    const envoy = await startEnvoy({
      binary: located.path,
      bootstrap: bootstrap({
        listeners: [
          {
            name: LISTENER,
            filters,
            upstream: { kind: "cluster", cluster: UPSTREAM },
            port: options.port,
          },
        ],
        clusters: [upstream, ...options.clusters],
      }),
      concurrency: options.concurrency,
      filterLogLevel: options.logLevel,
      onLine: (line) => {
        show(line, filters, traps, io);
      },
      signal: io.signal,
    });
    cleanup.unshift(() => envoy.stop());

    const address = `http://127.0.0.1:${envoy.port(LISTENER)}`;
    const chain = [
      ...filters.map((filter) => filter.name),
      describeUpstream(options.upstream),
    ].join(" -> ");
    io.err(`Envoy ${located.version}: ${chain}\n`);
    io.out(`${address}\n`);
    io.err(`try: curl -i ${address}/   (Ctrl-C stops it)\n`);

    const end = await envoy.exited;
    if (!io.signal.aborted) throw endedUnasked(envoy, end);
    // Ctrl-C is how `run` is meant to end, as for any server: no failure, so not Interrupted.
    return ExitCode.Ok;
  } finally {
    for (const clean of cleanup) await clean();
  }
}

async function resolveFilters(
  given: readonly FilterArgument[],
  folder: string,
): Promise<readonly WasmFilterSpec[]> {
  const filters: WasmFilterSpec[] = [];
  for (const { filter, config } of given) {
    const { name, path, configuration: byDefault } = await resolveModule(filter, folder);
    const configuration = config === null ? byDefault : await readConfiguration(config);
    filters.push({ name, module: path, ...(configuration === undefined ? {} : { configuration }) });
  }
  return filters;
}

function describeUpstream(upstream: ClusterSpec | null): string {
  return upstream === null ? "echo" : `${upstream.host}:${upstream.port}`;
}

async function sourcesByName(
  filters: readonly WasmFilterSpec[],
): Promise<ReadonlyMap<string, ModuleSources | null>> {
  const sources = new Map<string, ModuleSources | null>();
  for (const { name, module } of filters) sources.set(name, await sourcesOf(module));
  return sources;
}

/** Filters' words are data; what Envoy says of their traps is for the person who watches. */
function show(
  line: EnvoyLine,
  filters: readonly WasmFilterSpec[],
  traps: TrapWatcher,
  io: Io,
): void {
  const trap = traps.push(line);
  if (line.wasm !== null) {
    const { plugin, level, text } = line.wasm;
    io.out(`${plugin === "" ? "_initialize" : plugin} ${level}: ${printable(text)}\n`);
  }
  if (trap === null) return;
  const names = filters.map(({ name }) => name).join(", ");
  const who = trap.filter === null ? `one of the filters ${names}` : `the filter ${trap.filter}`;
  io.err(`${who}: ${printable(formatTrap(trap.report))}\n`);
  io.err("  its VM is gone: this worker answers 503 to every request from now on (FAIL_CLOSED)\n");
}
