// What the runner has decided for all tests of this process, and what tests tell it.
import type { Stress } from "../compiler/runtime-library.ts";
import type { Backend } from "./api.ts";

export interface TestRun {
  readonly on: Backend;
  readonly stress: Stress;
  /** The Envoy that was asked for; undefined for the one that is found. */
  readonly envoy: string | undefined;
  /** Somebody may hold the filter in a debugger: nothing has a time limit. */
  readonly debugging: boolean;
  /** Histories leave nothing out. */
  readonly trace: boolean;
  /** A test loads a filter: the files that it is made from, and folders whose files may be. */
  readonly loads: (sources: readonly string[]) => void;
}

let run: TestRun = {
  on: "host",
  stress: {},
  envoy: undefined,
  debugging: false,
  trace: false,
  loads: () => undefined,
};

/** What holds now; without a runner, the host and nothing else. */
export function currentRun(): TestRun {
  return run;
}

/** For the runner, before it loads any test. */
export function startRun(started: TestRun): void {
  run = started;
}
