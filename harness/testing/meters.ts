// Whether the meters of `bench` read what a module really spends.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure } from "../bench/measure.ts";
import { WARM_BURST } from "../bench/measurement.ts";
import type { Lengths } from "../bench/plan.ts";
import { Random } from "../bench/random.ts";
import type { Estimate } from "../bench/report-parts.ts";
import { Resampling } from "../bench/resampling.ts";
import { spinModule, Spent, type SpinPlace } from "./spin.ts";

/** What to measure, and for how long. */
export interface MeterCheck {
  readonly place: SpinPlace;
  /** What the module is asked to spend in a request, in nanoseconds. */
  readonly nanoseconds: number;
  readonly starts: number;
  readonly lengths: Lengths;
  readonly seed: number;
}

/** What the meters read, and what they should have read. */
export interface MeterReading {
  /** Nanoseconds that the module really spent in a request, as it told. */
  readonly spent: number;
  /** How much dearer it was than the module that does not spin. */
  readonly time: Estimate;
  /** Null where there is no such meter. */
  readonly cpu: Estimate | null;
}

/** Measures the two modules beside each other. */
export async function readMeters(
  binary: string,
  check: MeterCheck,
  signal: AbortSignal,
): Promise<MeterReading> {
  const { place, nanoseconds, starts, lengths, seed } = check;
  const folder = await mkdtemp(join(tmpdir(), "meters-"));
  try {
    const [once, spin] = [join(folder, "once.wasm"), join(folder, "spin.wasm")];
    await writeFile(once, spinModule(place, 0));
    await writeFile(spin, spinModule(place, nanoseconds));
    const spent = new Spent();
    const { measurement, endedBy } = await measure(
      binary,
      {
        filters: [
          { name: "once", module: once },
          { name: "spin", module: spin },
        ],
        traffic: {
          request: { path: "/", headers: [] },
          responseBodyBytes: 2,
          wire: { protocol: "http1", tls: false },
          connections: 1,
          workers: 1,
        },
        burst: WARM_BURST,
        seed,
        starts,
        lengths,
        rates: [],
        onFilterLog: ({ plugin, text }) => {
          if (plugin === "spin") spent.read(text);
        },
      },
      signal,
      () => undefined,
    );
    if (endedBy !== null) throw endedBy;
    const [less, more] = measurement.filters;
    if (less === undefined || more === undefined) throw new Error("two filters were asked for");
    const resampling = new Resampling(
      measurement.rounds.map(({ bursts }) => bursts),
      new Random(seed),
    );
    return {
      spent: spent.mean,
      time: resampling.estimate(resampling.paired(more.total, less.total)),
      cpu:
        more.cpu === null || less.cpu === null
          ? null
          : resampling.estimate(resampling.paired(more.cpu, less.cpu)),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
