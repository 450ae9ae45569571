// One instance of a module, with what Envoy keeps for each: its contexts, whether it failed, and what is
// to be done when a call into it has returned.
import { ToolError, messageOf } from "../errors.ts";
import { hostCallImports } from "./calls/index.ts";
import { Context } from "./contexts/context.ts";
import type { RootContext } from "./contexts/root-context.ts";
import { GuestMemory } from "./guest-memory.ts";
import { newRecord } from "./history.ts";
import type { CallbackRecord, HostCallRecord } from "./history.ts";
import type { HostServices } from "./host-services.ts";
import { MetricIds } from "./metrics.ts";
import type { LoadedModule } from "./module.ts";
import { TimeLimitExceeded, withTimeLimit } from "./time-limit.ts";

/** Why a VM serves no more. */
export interface VmFailure {
  /** The callback that failed. */
  readonly callback: string;
  /** What V8 says of it: `unreachable`. */
  readonly reason: string;
  /** What was last logged as critical: an abort says there why, and where. Null where nothing was. */
  readonly lastWords: string | null;
  readonly cause: unknown;
}

/** What may be called while the guest starts, or while it allocates; null allows all. */
type Restriction = "start" | "malloc" | null;

/** Thrown into the guest where a host call is not allowed. */
export class RestrictedCall extends Error {
  override readonly name = "RestrictedCall";
}

const CALLOUT_ID_STEP = 4;

type Export = (...args: (number | bigint)[]) => unknown;

export class Vm {
  readonly host: HostServices;
  readonly module: LoadedModule;
  readonly metrics: MetricIds;
  readonly memory: GuestMemory;
  /** By id; the VM's own is 0. */
  readonly contexts = new Map<number, Context>();
  /** Root contexts by what their plugins are made of. */
  readonly roots = new Map<string, RootContext>();
  /** The context whose configuration is readable, while it is. */
  configuring: Context | null = null;
  failure: VmFailure | null = null;
  /** A local response was sent: whatever the callback answers, the stream stops. */
  stopNextIteration = false;
  restriction: Restriction = null;

  readonly #vmContext: Context;
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #timeLimit: number;
  readonly #afterCall: (() => void)[] = [];
  readonly #lastCalloutIds = new Map<number, number>();
  #lastContextId = 0;
  /** Envoy's first is 2. */
  #lastDnsToken = 1;
  #current: Context;
  #effective: Context | null = null;
  #record: CallbackRecord = newRecord("", 0);
  /** A fault of ours, thrown while the guest was on the stack. */
  #fault: { readonly error: unknown } | null = null;

  /** Instantiates the module. `timeLimit` is how long a callback may take, in milliseconds. */
  constructor(host: HostServices, module: LoadedModule, timeLimit: number) {
    this.host = host;
    this.module = module;
    this.metrics = new MetricIds(host.metrics);
    this.#timeLimit = timeLimit;
    this.#vmContext = new Context(this, 0);
    this.#current = this.#vmContext;
    this.contexts.set(0, this.#vmContext);
    const imports: Record<string, Record<string, unknown>> = hostCallImports(this);
    const wanted = module.memoryImport;
    let memory: WebAssembly.Memory | null = null;
    if (wanted !== null) {
      memory = new WebAssembly.Memory({
        initial: wanted.initial,
        ...(wanted.maximum === null ? {} : { maximum: wanted.maximum }),
      });
      (imports[wanted.module] ??= {})[wanted.name] = memory;
    }
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module.compiled)) {
      if (kind !== "table") continue;
      (imports[from] ??= {})[name] = new WebAssembly.Table({ initial: 0, element: "anyfunc" });
    }
    const instance = new WebAssembly.Instance(module.compiled, imports);
    this.#exports = instance.exports;
    const exported = instance.exports[module.memoryExport ?? ""];
    if (exported instanceof WebAssembly.Memory) memory = exported;
    if (memory === null) throw new Error("a module without a memory has passed the check");
    this.memory = new GuestMemory(memory, (size) => this.#malloc(size), {
      toHost: (bytes) => (this.#record.bytesToHost += bytes),
      toGuest: (bytes) => (this.#record.bytesToGuest += bytes),
    });
  }

  get configuration(): Uint8Array {
    return this.host.vmConfiguration;
  }

  /** What the guest is called for. */
  get current(): Context {
    return this.#current;
  }

  /** What host calls act on: what the guest chose, or what it is called for. */
  get context(): Context {
    return this.#effective ?? this.#current;
  }

  /** Chooses it until the callback returns; false when there is no such context. */
  setEffectiveContext(id: number): boolean {
    const context = this.contexts.get(id);
    if (context === undefined) return false;
    // The VM's own stands for 'none chosen'.
    this.#effective = id === 0 ? null : context;
    return true;
  }

  nextContextId(): number {
    return ++this.#lastContextId;
  }

  nextDnsToken(): number {
    return ++this.#lastDnsToken;
  }

  /** The id of a new callout of that kind, which its lowest two bits are. */
  nextCalloutId(kind: number): number {
    const id = (this.#lastCalloutIds.get(kind) ?? kind) + CALLOUT_ID_STEP;
    this.#lastCalloutIds.set(kind, id);
    return id;
  }

  /** Whether Envoy would call that export. */
  has(name: string): boolean {
    return this.#export(name) !== null;
  }

  /** Starts the module: only what Envoy allows there may be called. */
  start(): void {
    this.restriction = "start";
    if (this.#isFunction("_initialize")) {
      this.#enter("_initialize", this.#vmContext, []);
      if (this.failure === null && this.#isFunction("main")) {
        this.#enter("main", this.#vmContext, [0, 0]);
      } else if (this.failure === null && this.#isFunction("__main_void")) {
        this.#enter("__main_void", this.#vmContext, []);
      }
    } else if (this.#isFunction("_start")) {
      this.#enter("_start", this.#vmContext, []);
    }
    this.restriction = null;
  }

  /**
   * Calls an export for a context, then does what was put off meanwhile. Answers what the guest answered:
   * `absent` when it has no such export, 0 when it failed. `decide` is asked before what was put off.
   */
  call(
    name: string,
    context: Context,
    args: readonly number[],
    absent = 0,
    decide: (result: number) => number = (result) => result,
  ): number {
    return this.failure === null ? this.callAnyway(name, context, args, absent, decide) : absent;
  }

  /** The same, whether the VM has failed or not: Envoy does not always look. */
  callAnyway(
    name: string,
    context: Context,
    args: readonly number[],
    absent = 0,
    decide: (result: number) => number = (result) => result,
  ): number {
    if (!this.has(name)) return absent;
    const decided = decide(this.#enter(name, context, [context.id, ...args]));
    this.stopNextIteration = false;
    for (let next = this.#afterCall.shift(); next !== undefined; next = this.#afterCall.shift()) {
      next();
    }
    return decided;
  }

  /** Puts something off until the guest has returned. */
  afterCall(action: () => void): void {
    this.#afterCall.push(action);
  }

  /** Runs a host call's body, counted, and bounded by what may be called now. */
  hostCall(
    name: string,
    allowed: (restriction: Restriction) => boolean,
    run: () => number,
  ): number {
    if (!allowed(this.restriction)) throw new RestrictedCall(`${name} is not allowed here`);
    const entry: HostCallRecord = { name, result: null };
    this.#record.hostCalls.push(entry);
    try {
      entry.result = run();
      return entry.result;
    } catch (error) {
      if (!(error instanceof RestrictedCall)) this.#fault ??= { error };
      throw error;
    }
  }

  #export(name: string): Export | null {
    const { allowedCapabilities } = this.host;
    if (allowedCapabilities !== null && !allowedCapabilities.has(name)) return null;
    const found = this.#exports[name];
    return typeof found === "function" ? (found as Export) : null;
  }

  #isFunction(name: string): boolean {
    return typeof this.#exports[name] === "function";
  }

  #enter(name: string, context: Context, args: readonly number[]): number {
    const run = this.#exports[name] as Export;
    const record = newRecord(name, context.id);
    const saved = { current: this.#current, effective: this.#effective, record: this.#record };
    const { restriction } = this;
    this.#current = context;
    this.#effective = null;
    this.#record = record;
    context.recorded(record);
    try {
      const result = withTimeLimit(this.#timeLimit, () => run(...args));
      if (typeof result !== "number") return 0;
      record.result = result >>> 0;
      return record.result;
    } catch (error) {
      this.#failed(name, error);
      return 0;
    } finally {
      // A call that was stopped has restored nothing itself.
      this.restriction = restriction;
      this.#current = saved.current;
      this.#effective = saved.effective;
      this.#record = saved.record;
    }
  }

  #ended(callback: string, error: unknown): void {
    const lastWords = this.host.logs.texts("critical").at(-1) ?? null;
    this.failure ??= { callback, reason: messageOf(error), lastWords, cause: error };
    this.host.failed(this.failure);
  }

  #failed(callback: string, error: unknown): void {
    const fault = this.#fault;
    this.#fault = null;
    if (fault !== null) throw fault.error;
    this.#ended(callback, error);
    if (!(error instanceof TimeLimitExceeded)) return;
    this.#afterCall.length = 0;
    throw new ToolError(
      "ERR_FILTER_TRAPPED",
      `${callback} did not return within ${this.#timeLimit} ms`,
      {
        hint: "Envoy has no such limit: its worker would hang, with every connection it serves. Look for a loop that does not end.",
        cause: error,
      },
    );
  }

  /** Allocates in the guest; 0 when that fails, which the guest is then told as a status. */
  #malloc(size: number): number {
    const name = this.#isFunction("malloc") ? "malloc" : "proxy_on_memory_allocate";
    const outer = this.#record;
    const calls = outer.hostCalls.at(-1)?.name ?? outer.callback;
    const before = this.restriction;
    outer.allocations++;
    this.restriction = "malloc";
    const saved = { current: this.#current, effective: this.#effective };
    this.#current = this.#vmContext;
    this.#effective = null;
    let pointer: number;
    try {
      pointer = Number((this.#exports[name] as Export)(size)) >>> 0;
    } catch (error) {
      const fault = this.#fault;
      if (fault !== null) throw fault.error;
      this.#ended(name, error);
      return 0;
    } finally {
      this.restriction = before;
      this.#current = saved.current;
      this.#effective = saved.effective;
    }
    if (pointer !== 0 && this.memory.contains(pointer, size)) return pointer;
    const answer = pointer === 0 ? "0" : `${pointer}, which is outside of the memory`;
    this.host.problem(
      `${name}(${size}) answered ${answer}: ${calls} in ${outer.callback} failed with InvalidMemoryAccess`,
    );
    return 0;
  }
}
