// One listener of a run, the connection to it, and what was measured on it so far.
import { join } from "node:path";
import { ToolError } from "../../sdk/errors.ts";
import type { ListenerSpec, WasmFilterSpec } from "../envoy/bootstrap.ts";
import type { RunningEnvoy } from "../envoy/process.ts";
import { ACCESS_LOG_FORMAT, readAccessLog, type AccessLog } from "./access-log.ts";
import { Connection } from "./connection.ts";
import type { CpuMeter } from "./cpu-meter.ts";
import { BURST, KEPT, type ListenerSamples } from "./measurement.ts";

/** How many requests went through each of the phases, in bursts. */
export interface PhaseRounds {
  readonly warmUp: number;
  readonly bursts: number;
  readonly client: number;
}

/** A listener that is measured. */
export class Lane {
  readonly name: string;
  /** Its only filter; null where there is none. */
  readonly filter: WasmFilterSpec | null;
  /** How many lines its filter has logged. */
  logLines = 0;
  /** Milliseconds and requests of the warm-up. */
  readonly #warmUp = { milliseconds: 0, requests: 0 };
  readonly #cpu: number[] = [];
  readonly #client: number[] = [];
  readonly #logFile: string;
  #connection: Connection | null = null;

  /** @param index Tells the lanes of a run apart; names may have characters that files cannot. */
  constructor(index: number, name: string, filter: WasmFilterSpec | null) {
    this.name = name;
    this.filter = filter;
    // Within Envoy's own folder, its working directory.
    this.#logFile = `access-${index}.log`;
  }

  listener(): ListenerSpec {
    return {
      name: this.name,
      filters: this.filter === null ? [] : [this.filter],
      upstream: { kind: "direct", status: 200, body: "ok" },
      accessLog: { path: this.#logFile, format: ACCESS_LOG_FORMAT },
    };
  }

  async connect(envoy: RunningEnvoy, request: Buffer): Promise<void> {
    const what = this.filter === null ? `the listener ${this.name}` : `the filter ${this.name}`;
    this.#connection = await Connection.open(what, envoy.port(this.name), request);
  }

  close(): void {
    this.#connection?.close();
  }

  async warmUp(): Promise<void> {
    const start = performance.now();
    await this.#open.burst(BURST.requests);
    this.#warmUp.milliseconds += performance.now() - start;
    this.#warmUp.requests += BURST.requests;
  }

  /** How many requests a second the warm-up has served, one after another. */
  get capacity(): number {
    return (1000 * this.#warmUp.requests) / this.#warmUp.milliseconds;
  }

  /** One burst; its times are in the access log. */
  async burst(meter: CpuMeter | null): Promise<void> {
    // The pauses of the meter leave cold caches too, so they are before and behind the whole burst.
    const before = meter?.read();
    await this.#open.burst(BURST.requests);
    if (meter === null || before === undefined) return;
    this.#cpu.push((meter.read() - before) / BURST.requests);
  }

  /** One burst at a fixed rate. */
  async paced(perSecond: number): Promise<void> {
    const milliseconds = await this.#open.paced(BURST.requests, perSecond);
    for (const latency of milliseconds.subarray(BURST.dropped))
      this.#client.push(Math.round(latency * 1e6));
  }

  accessLog(envoy: RunningEnvoy): Promise<AccessLog> {
    return readAccessLog(join(envoy.folder, this.#logFile));
  }

  /** Puts together what was measured. Fails when the log does not have the requests sent. */
  samples(log: AccessLog, rounds: PhaseRounds): ListenerSamples {
    const sent = (rounds.warmUp + rounds.bursts + rounds.client) * BURST.requests;
    const kept = (values: Float64Array): Float64Array =>
      keptOfBursts(values, rounds.warmUp, rounds.bursts);
    if (log.total.length !== sent || log.total.some(Number.isNaN)) {
      throw new ToolError(
        "ERR_ENVOY_FAILED",
        `Envoy's access log of ${this.name} does not have the times of all ${sent} requests`,
        { hint: "run it again; if it stays so, try the Envoy version that this tool downloads" },
      );
    }
    return {
      name: this.name,
      total: kept(log.total),
      headers: kept(log.headers),
      body: kept(log.body),
      cpu: this.#cpu.length === rounds.bursts ? Float64Array.from(this.#cpu) : null,
      client: Float64Array.from(this.#client),
      statuses: this.#open.statuses,
      logLines: this.logLines,
    };
  }

  get #open(): Connection {
    if (this.#connection === null) throw new Error(`${this.name} is not connected`);
    return this.#connection;
  }
}

/** Of the requests in a log, those that count: in the bursts after the warm-up, not dropped. */
function keptOfBursts(values: Float64Array, warmUp: number, bursts: number): Float64Array {
  const kept = new Float64Array(bursts * KEPT);
  for (let round = 0; round < bursts; round++) {
    const end = (warmUp + round + 1) * BURST.requests;
    kept.set(values.subarray(end - KEPT, end), round * KEPT);
  }
  return kept;
}
