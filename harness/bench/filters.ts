// The filters of a run: built or found, each with a name of its own and its configuration.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "../../sdk/errors.ts";
import { inspectModule } from "../../sdk/inspect/inspect.ts";
import { packageRoot } from "../../sdk/package-root.ts";
import { readConfiguration } from "../configuration.ts";
import type { WasmFilterSpec } from "../envoy/bootstrap.ts";
import { resolveModule } from "../module.ts";
import { isGitRef, sourceAt } from "./git-ref.ts";
import { BASE, CONTROL } from "./measurement.ts";
import type { BenchOptions, LabelledFilter } from "./options.ts";
import type { FilterReport } from "./report.ts";

/** A filter that is ready to be measured. */
export interface BenchFilter extends WasmFilterSpec {
  readonly report: FilterReport["module"];
  /** Whether it is there to be compared with: budgets are not for it. */
  readonly compared: boolean;
}

/** The filter that budgets may name without its being asked for. */
const NOOP = "noop";

/**
 * Resolves the filters, and those that budgets refer to. Fails with what resolveModule and
 * readConfiguration fail with.
 * @param folder Where those that must be built go.
 */
export async function resolveFilters(
  options: Pick<BenchOptions, "filters" | "budgets">,
  folder: string,
  onStart: (name: string) => void,
): Promise<readonly BenchFilter[]> {
  const filters: BenchFilter[] = [];
  const taken = new Set<string>([BASE, CONTROL]);
  const add = async (given: LabelledFilter): Promise<void> => {
    onStart(given.label ?? given.filter);
    filters.push(await resolved(given, filters[0], options.filters[0], folder, taken));
  };
  for (const given of options.filters) await add(given);
  const references = new Set(options.budgets.map(({ reference }) => reference));
  references.delete("");
  if (references.has(NOOP) && !filters.some(({ name }) => name === NOOP)) {
    const example = join(packageRoot(), "examples", NOOP);
    await add({ filter: example, label: NOOP, config: null, compared: true });
  }
  const names = filters.map(({ name }) => name);
  for (const reference of references) {
    if (names.includes(reference)) continue;
    throw new ToolError("ERR_USAGE", `--budget compares with ${reference}, which is not measured`, {
      hint: `the filters are called ${names.join(", ")}; name one yourself by NAME=FILTER`,
    });
  }
  return filters;
}

/** The filter that ratios are to. Fails with ERR_USAGE when it is none of them. */
export function chooseBaseline(
  filters: readonly WasmFilterSpec[],
  wanted: string | undefined,
): string {
  const names = filters.map(({ name }) => name);
  const baseline = wanted ?? names[0] ?? "";
  if (names.includes(baseline)) return baseline;
  throw new ToolError("ERR_USAGE", `--baseline ${baseline} is none of the filters`, {
    hint: `they are called ${names.join(", ")}; name one yourself by NAME=FILTER`,
  });
}

async function resolved(
  given: LabelledFilter,
  first: BenchFilter | undefined,
  firstGiven: LabelledFilter | undefined,
  folder: string,
  taken: Set<string>,
): Promise<BenchFilter> {
  const { label, filter, config, compared } = given;
  const ref = isGitRef(filter);
  const source = ref ? await sourceAt(filter, await sourceOf(firstGiven), folder) : filter;
  const { name, path, configuration: byDefault } = await resolveModule(source, folder);
  const own = config === null ? byDefault : await readConfiguration(config);
  // What is compared does the same work, so it is told the same.
  const configuration = compared ? (first?.configuration ?? own) : own;
  const called = label ?? (ref ? `${name}@${filter.slice("git:".length)}` : name);
  return {
    name: distinct(called, taken),
    module: path,
    ...(configuration === undefined ? {} : { configuration }),
    report: await moduleReport(path, filter),
    compared,
  };
}

/** The path of the first filter's source: it may have been named as an example. */
async function sourceOf(given: LabelledFilter | undefined): Promise<string> {
  const argument = given?.filter ?? "";
  if (!/^[\w-]+$/.test(argument)) return argument;
  const here = await readFile(argument).then(
    () => true,
    (error: unknown) => error instanceof Error && "code" in error && error.code === "EISDIR",
  );
  return here ? argument : join(packageRoot(), "examples", argument);
}

/** The name, or with a number behind it when it is taken; takes it. */
function distinct(name: string, taken: Set<string>): string {
  let free = name;
  for (let nth = 2; taken.has(free); nth++) free = `${name}-${nth}`;
  taken.add(free);
  return free;
}

/** @param argument What the user called it. */
async function moduleReport(path: string, argument: string): Promise<FilterReport["module"]> {
  const bytes = await readFile(path);
  return {
    argument,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    initialMemoryPages: inspectModule(bytes, argument).memories[0]?.initialPages ?? null,
  };
}
