// What a load generator of others is, to `bench`.
import type { Traffic } from "./traffic.ts";

/** What one listener is to be loaded with. */
export interface LoadJob {
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly http2: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** A file with the requests' body; null for GET without one. */
  readonly bodyFile: string | null;
  /** A file that the tool may write into, a line a request or what it has measured. */
  readonly logFile: string;
  /** A file with the tool's script, for one that wants a script. */
  readonly scriptFile: string;
}

/** What a tool has measured. */
export interface LoadFigures {
  readonly requestsPerSecond: number;
  readonly errors: number;
  readonly quantiles: readonly { readonly probability: number; readonly ns: number }[];
}

/** A load generator. */
export interface LoadGenerator {
  readonly versionFlag: string;
  /** What it is to run, for one that wants a script. */
  readonly script?: (job: LoadJob) => string;
  /** Why it cannot send such requests; null when it can. */
  readonly cannot: (traffic: Traffic) => string | null;
  readonly flags: (job: LoadJob) => readonly string[];
  /** Null when its output is of another form. */
  readonly read: (output: string, log: string) => LoadFigures | null;
}

/** The quantiles that are asked for where a tool can be asked. */
export const PROBABILITIES: readonly number[] = [0.5, 0.9, 0.99, 0.999];

/** The headers as most tools take them. */
export function headerFlags({ headers }: LoadJob): readonly string[] {
  return headers.flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
}
