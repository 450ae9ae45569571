// Runs test files once: bundles them, deals them out to processes, gathers what comes of them.
import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import type { Stress } from "../compiler/runtime-library.ts";
import type { ToolError } from "../errors.ts";
import type { Backend } from "../test-api/api.ts";
import { bundleTests } from "./bundle.ts";
import { isSpecFile } from "./discover.ts";
import { NO_FAILURE } from "./protocol.ts";
import type { BundledTest, Failure, Plan, Report, TestEnd } from "./protocol.ts";
import { countByStatus } from "./results.ts";
import type { Reporter, TestResult, Totals } from "./results.ts";
import { runPlan } from "./run-plan.ts";

export interface RunOptions {
  /** Absolute. */
  readonly files: readonly string[];
  readonly on: readonly Backend[];
  readonly stress: Stress;
  /** The Envoy to use; null where none is needed. */
  readonly envoy: string | null;
  readonly debugging: boolean;
  readonly trace: boolean;
  readonly cwd: string;
  /** Where bundles go. */
  readonly folder: string;
  readonly reporter: Reporter;
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
}

/** What came of a run. */
export interface RunResult {
  readonly totals: Totals;
  /** The test files with a failure, absolute. */
  readonly failed: ReadonlySet<string>;
  /** What each test file depends on, by its absolute path: files, and folders for all that is in them. */
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function runTests(options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const { files, on, cwd, folder, reporter } = options;
  const bundles = await bundleTests(files, folder, cwd);
  const dependencies = new Map(
    files.map((file) => [file, new Set([file, ...(bundles.inputs.get(file) ?? [])])]),
  );
  const results: TestResult[] = [];
  for (const [file, error] of bundles.broken) {
    const source = relative(cwd, file);
    for (const backend of on) {
      const result = { ...failed("loading the file", toolFailure(error)), on: backend, source };
      results.push(result);
      reporter.file(source, backend, [result]);
    }
  }
  const atOnce = options.debugging ? 1 : availableParallelism();
  // One after the other: what those on the host build, those in Envoy find built.
  for (const backend of on) {
    const heaps = dealt(bundles.tests, backend, atOnce);
    const jobs = heaps.map((tests) => new Job(backend, tests, options, dependencies, results));
    const next = jobs.values();
    const work = async (): Promise<void> => {
      for (const job of next) await job.run();
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }
  const totals: Totals = {
    files: files.length,
    milliseconds: performance.now() - started,
    counts: countByStatus(results),
  };
  await reporter.end(totals);
  const failures = results.filter(({ status }) => status === "failed");
  return {
    totals,
    failed: new Set(failures.map(({ source }) => resolve(cwd, source))),
    dependencies,
  };
}

/** Deals tests out into at most so many heaps. No Envoy has anything to do with those in AssemblyScript. */
function dealt(tests: readonly BundledTest[], on: Backend, most: number): BundledTest[][] {
  const own = on === "host" ? tests : tests.filter(({ source }) => !isSpecFile(source));
  const heaps = Array.from({ length: Math.min(most, own.length) }, (): BundledTest[] => []);
  for (const [index, test] of own.entries()) heaps[index % heaps.length]?.push(test);
  return heaps;
}

/** The tests of one process. */
class Job {
  readonly #on: Backend;
  readonly #tests: readonly BundledTest[];
  readonly #options: RunOptions;
  readonly #dependencies: ReadonlyMap<string, Set<string>>;
  readonly #all: TestResult[];
  /** Of the file that runs now. */
  #results: TestResult[] = [];
  #current: BundledTest | undefined;

  constructor(
    on: Backend,
    tests: readonly BundledTest[],
    options: RunOptions,
    dependencies: ReadonlyMap<string, Set<string>>,
    all: TestResult[],
  ) {
    this.#on = on;
    this.#tests = tests;
    this.#options = options;
    this.#dependencies = dependencies;
    this.#all = all;
    this.#current = tests[0];
  }

  async run(): Promise<void> {
    const { stress, envoy, debugging, trace, folder, onOutput, signal } = this.#options;
    const plan: Plan = { on: this.#on, files: this.#tests, stress, envoy, debugging, trace };
    const onReport = (report: Report): void => {
      this.#take(report);
    };
    const badEnd = await runPlan(plan, { folder, onOutput, signal, onReport });
    if (badEnd !== null) this.#ended(brokenOff(badEnd));
    this.#flush();
  }

  #take(report: Report): void {
    if (report.kind === "test") this.#ended(report.test);
    else if (report.kind === "loads") {
      const sources = report.source === null ? [...this.#dependencies.keys()] : [report.source];
      for (const source of sources) {
        for (const file of report.files) this.#dependencies.get(source)?.add(file);
      }
    }
  }

  #ended(test: TestEnd): void {
    const own = this.#tests.find(({ source, bundle }) =>
      [source, bundle].includes(test.file ?? ""),
    );
    // What a helper has declared belongs to the file that runs.
    if (own !== undefined && own !== this.#current) {
      this.#flush();
      this.#current = own;
    }
    const source = relative(this.#options.cwd, this.#current?.source ?? "");
    // A spec is declared by what was made of it: those lines are nobody's.
    const declared = own !== undefined && test.file === own.bundle ? NOWHERE : {};
    const result: TestResult = { ...test, ...declared, on: this.#on, source };
    this.#results.push(result);
    this.#all.push(result);
  }

  /** The file is over. */
  #flush(): void {
    const [first] = this.#results;
    if (first !== undefined) this.#options.reporter.file(first.source, this.#on, this.#results);
    this.#results = [];
  }
}

const NOWHERE = { file: null, line: null, column: null } as const;

function brokenOff(why: string): TestEnd {
  const hint = "A test, or what it calls, has ended the process or made it run out of memory.";
  return failed("running the file", { ...NO_FAILURE, name: "Error", message: why, hint });
}

function toolFailure({ name, message, code, hint, detail, place }: ToolError): Failure {
  const told = { hint: hint ?? null, detail: detail ?? null, place: place ?? null };
  return { ...NO_FAILURE, name, message, code, ...told };
}

function failed(name: string, failure: Failure): TestEnd {
  return {
    ...NOWHERE,
    path: [name],
    status: "failed",
    milliseconds: 0,
    reason: null,
    history: "",
    failure,
  };
}
