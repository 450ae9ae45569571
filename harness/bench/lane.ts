// One listener of a start, the connections to it, and what was measured on it so far.
import { join } from "node:path";
import { ToolError } from "../../sdk/errors.ts";
import type { ListenerSpec, WasmFilterSpec } from "../envoy/bootstrap.ts";
import type { RunningEnvoy } from "../envoy/process.ts";
import { ACCESS_LOG_FORMAT, readAccessLog, type AccessLog } from "./access-log.ts";
import { Connection } from "./connection.ts";
import type { CpuMeter } from "./cpu-meter.ts";
import { CERTIFICATE, PRIVATE_KEY } from "./identity.ts";
import { keptOf, WARM_BURST } from "./measurement.ts";
import type { BurstShape, ListenerSamples, PhaseRounds } from "./measurement.ts";
import { forUpstream, UPSTREAM_HEADER } from "./request.ts";
import type { Traffic } from "./traffic.ts";

/** The cluster that requests go to when their two sides are told apart. */
export const UPSTREAM_CLUSTER = "upstream";

/** A listener that is measured. */
export class Lane {
  readonly name: string;
  /** Its only filter; null where there is none. */
  readonly filter: WasmFilterSpec | null;
  /** How many lines its filter has logged. */
  logLines = 0;
  readonly #traffic: Traffic;
  readonly #burst: BurstShape;
  readonly #warmUp = { milliseconds: 0, requests: 0 };
  readonly #cpu: number[] = [];
  readonly #client: number[][] = [];
  readonly #throughput = { perSecond: [] as number[], cpu: [] as number[], busy: [] as number[] };
  /** How many requests the phases whose times count have sent. */
  #sent = 0;
  readonly #logFile: string;
  readonly #connections: Connection[] = [];
  /** Those that only the phase without a limit uses. */
  readonly #more: Connection[] = [];
  #upstream: Connection | null = null;

  /**
   * @param index Tells the lanes of a run apart; names may have characters that files cannot.
   * @param burst Of each connection.
   */
  constructor(
    index: number,
    name: string,
    filter: WasmFilterSpec | null,
    traffic: Traffic,
    burst: BurstShape,
  ) {
    this.name = name;
    this.filter = filter;
    this.#traffic = traffic;
    this.#burst = burst;
    // Within Envoy's own folder, its working directory.
    this.#logFile = `access-${index}.log`;
  }

  listener(): ListenerSpec {
    const { request, responseBodyBytes, wire } = this.#traffic;
    const bodyBytes = request.bodyBytes ?? 0;
    return {
      name: this.name,
      filters: this.filter === null ? [] : [this.filter],
      upstream: {
        kind: "either",
        header: UPSTREAM_HEADER,
        cluster: UPSTREAM_CLUSTER,
        status: 200,
        body: "x".repeat(responseBodyBytes),
      },
      accessLog: { path: this.#logFile, format: ACCESS_LOG_FORMAT },
      // A direct response does not wait for the request's body, which the filters would not see then.
      ...(bodyBytes === 0 ? {} : { gatherRequestBytes: 2 * bodyBytes + 65_536 }),
      ...(wire.tls ? { tls: { certificate: CERTIFICATE, key: PRIVATE_KEY } } : {}),
    };
  }

  /** @param most How many connections the phase without a limit uses. */
  async connect(envoy: RunningEnvoy, most: number): Promise<void> {
    const what = this.filter === null ? `the listener ${this.name}` : `the filter ${this.name}`;
    const address = { host: "127.0.0.1", port: envoy.port(this.name) };
    const { request, wire, connections } = this.#traffic;
    const open = (asked = request): Promise<Connection> =>
      Connection.open((happened) => failed(what, happened), address, asked, wire);
    while (this.#connections.length < connections) this.#connections.push(await open());
    while (this.#connections.length + this.#more.length < most) this.#more.push(await open());
    this.#upstream = await open(forUpstream(request));
  }

  close(): void {
    for (const connection of this.#all()) connection.close();
  }

  /** A burst whose times do not count. */
  async warmUp(): Promise<void> {
    const start = performance.now();
    await this.#burstOnAll(WARM_BURST.requests);
    this.#warmUp.milliseconds += performance.now() - start;
    this.#warmUp.requests += WARM_BURST.requests;
  }

  /** The same to the upstream. */
  async warmUpUpstream(): Promise<void> {
    await this.#toUpstream(WARM_BURST.requests);
  }

  /** How many requests a second the warm-up has served, one after another. */
  get capacity(): number {
    return (1000 * this.#warmUp.requests) / this.#warmUp.milliseconds;
  }

  /** One burst; its times are in the access log. */
  async burst(meter: CpuMeter | null): Promise<void> {
    // The pauses of the meter leave cold caches too, so they are before and behind the whole burst.
    const before = meter?.read();
    const { requests } = this.#burst;
    await this.#burstOnAll(requests);
    if (meter === null || before === undefined) return;
    this.#cpu.push((meter.read() - before) / (requests * this.#connections.length));
  }

  /** One burst that goes on to the upstream; its times are in the access log. */
  async sides(): Promise<void> {
    await this.#toUpstream(this.#burst.requests);
  }

  /** One burst at a fixed rate. */
  async paced(rateIndex: number, perSecond: number): Promise<void> {
    const connection = this.#connections[0];
    if (connection === undefined) throw new Error(`${this.name} is not connected`);
    const milliseconds = await connection.paced(WARM_BURST.requests, perSecond);
    const latencies = (this.#client[rateIndex] ??= []);
    for (const latency of milliseconds.subarray(WARM_BURST.dropped)) {
      latencies.push(Math.round(latency * 1e6));
    }
  }

  /** As many requests as go through for so long, one outstanding on each connection. */
  async saturate(milliseconds: number, meter: CpuMeter | null): Promise<void> {
    const start = performance.now();
    const before = meter?.readNow();
    const answers = await Promise.all(
      [...this.#connections, ...this.#more].map((each) => each.saturate(milliseconds)),
    );
    const answered = answers.reduce((sum, one) => sum + one, 0);
    const elapsed = performance.now() - start;
    this.#throughput.perSecond.push((1000 * answered) / elapsed);
    if (meter === null || before === undefined) return;
    const cpu = meter.readNow() - before;
    this.#throughput.cpu.push(cpu / answered);
    this.#throughput.busy.push(cpu / (elapsed * 1e6));
  }

  accessLog(envoy: RunningEnvoy): Promise<AccessLog> {
    return readAccessLog(join(envoy.folder, this.#logFile));
  }

  /**
   * Puts together what was measured.
   * @param warmUps How many requests came before the bursts, and between them and the sides.
   */
  samples(
    log: AccessLog,
    rounds: PhaseRounds,
    warmUps: { readonly bursts: number; readonly sides: number },
  ): ListenerSamples {
    const sidesFrom = warmUps.bursts + rounds.bursts * this.#perRound + warmUps.sides;
    const sidesTo = sidesFrom + rounds.sides * this.#burst.requests;
    const times = log.total.subarray(0, Math.max(this.#sent, sidesTo));
    if (times.length < this.#sent || times.some(Number.isNaN)) {
      throw new ToolError(
        "ERR_ENVOY_FAILED",
        `Envoy's access log of ${this.name} does not have the times of all ${this.#sent} requests`,
        {
          hint:
            "is the disk of the temporary folder (TMPDIR) full? Otherwise run it again, or try the " +
            "Envoy version that this tool downloads",
        },
      );
    }
    const connections = this.#connections.length;
    const ofBursts = (values: Float64Array): Float64Array =>
      keptOfBursts(values, warmUps.bursts, rounds.bursts, this.#burst, connections);
    const ofSides = (values: Float64Array): Float64Array =>
      keptOfBursts(values, sidesFrom, rounds.sides, this.#burst, 1);
    const metered = this.#cpu.length === rounds.bursts && rounds.bursts > 0;
    const { perSecond, cpu, busy } = this.#throughput;
    return {
      name: this.name,
      total: ofBursts(log.total),
      headers: ofBursts(log.headers),
      body: ofBursts(log.body),
      requestSide: ofSides(log.requestSide),
      responseSide: ofSides(log.responseSide),
      cpu: metered ? Float64Array.from(this.#cpu) : null,
      client: rounds.client.map((_, rate) => Float64Array.from(this.#client[rate] ?? [])),
      throughput: {
        requestsPerSecond: Float64Array.from(perSecond),
        cpu: metered ? Float64Array.from(cpu) : null,
        busy: metered ? Float64Array.from(busy) : null,
      },
      statuses: this.#statuses(),
      logLines: this.logLines,
    };
  }

  get #perRound(): number {
    return this.#burst.requests * this.#connections.length;
  }

  async #burstOnAll(requests: number): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.burst(requests)));
    this.#sent += requests * this.#connections.length;
  }

  async #toUpstream(requests: number): Promise<void> {
    if (this.#upstream === null) throw new Error(`${this.name} is not connected`);
    await this.#upstream.burst(requests);
    this.#sent += requests;
  }

  #all(): readonly Connection[] {
    return [
      ...this.#connections,
      ...this.#more,
      ...(this.#upstream === null ? [] : [this.#upstream]),
    ];
  }

  #statuses(): ReadonlyMap<number, number> {
    const sum = new Map<number, number>();
    for (const { statuses } of this.#all()) {
      for (const [status, answers] of statuses) sum.set(status, (sum.get(status) ?? 0) + answers);
    }
    return sum;
  }
}

function failed(what: string, happened: string): ToolError {
  return new ToolError("ERR_FILTER_TRAPPED", `${what} ${happened} while it was measured`, {
    hint:
      "a filter that traps, loops, or pauses a request and never continues it does this; " +
      "see what it logs with `as-proxy-wasm run`",
  });
}

/** Of the requests in a log from an index on, those of bursts that are not dropped. */
function keptOfBursts(
  values: Float64Array,
  from: number,
  rounds: number,
  burst: BurstShape,
  connections: number,
): Float64Array {
  const perRound = burst.requests * connections;
  const perRoundKept = keptOf(burst) * connections;
  const kept = new Float64Array(rounds * perRoundKept);
  for (let round = 0; round < rounds; round++) {
    const end = from + (round + 1) * perRound;
    kept.set(values.subarray(end - perRoundKept, end), round * perRoundKept);
  }
  return kept;
}
