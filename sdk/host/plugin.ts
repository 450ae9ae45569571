// A plugin on one thread: its configuration, the VM that serves it, and what happens when that fails.
import { ToolError, messageOf } from "../errors.ts";
import type { PluginIdentity } from "./contexts/root-context.ts";
import { RootContext } from "./contexts/root-context.ts";
import type { HostServices } from "./host-services.ts";
import type { LoadedModule } from "./module.ts";
import { PluginTrapped } from "./plugin-trapped.ts";
import { Vm } from "./vm.ts";

/** What Envoy does once a VM has trapped: 503 for ever, no filter, or a new VM. */
export type FailurePolicy = "FAIL_CLOSED" | "FAIL_OPEN" | "FAIL_RELOAD";

export interface PluginOptions {
  readonly identity: PluginIdentity;
  readonly configuration: Uint8Array;
  /** What plugins must have in common to share a VM. */
  readonly vmKey: string;
  readonly failurePolicy: FailurePolicy;
  /** Milliseconds: how old a VM is at least before another takes its place. Envoy adds up to half. */
  readonly reloadBackoff: number;
  /** How long a callback may take, in milliseconds. */
  readonly timeLimit: number;
}

const NS_PER_MS = 1_000_000n;

export class Plugin {
  readonly #host: HostServices;
  readonly #vms: Map<string, Vm>;
  readonly #module: LoadedModule;
  readonly #options: PluginOptions;
  #root: RootContext;
  #loadedAt: bigint;

  /** Starts its VM, if there is none in `vms`, and configures it. Throws a ToolError when that fails. */
  constructor(
    host: HostServices,
    vms: Map<string, Vm>,
    module: LoadedModule,
    options: PluginOptions,
  ) {
    this.#host = host;
    this.#vms = vms;
    this.#module = module;
    this.#options = options;
    this.#root = this.#load();
    this.#loadedAt = host.clock.now;
  }

  get identity(): PluginIdentity {
    return this.#options.identity;
  }

  /** Its root context, in whatever state it is. */
  get root(): RootContext {
    return this.#root;
  }

  /** The root context for a new stream; null when it is to pass without the filter. */
  rootForStream(): RootContext | null {
    if (this.#root.vm.failure === null) return this.#root;
    if (this.#options.failurePolicy === "FAIL_OPEN") return null;
    const { now } = this.#host.clock;
    const backoff = BigInt(this.#options.reloadBackoff) * NS_PER_MS;
    if (this.#options.failurePolicy === "FAIL_RELOAD" && now - this.#loadedAt >= backoff) {
      this.#reload(now);
    }
    return this.#root;
  }

  /** Ends the plugin: it may put its end off until it calls `proxy_done`. */
  close(): void {
    const root = this.#root;
    const { vm } = root;
    // Plugins that are the same in all they are made of have one root context.
    if (root.ending) return;
    root.ending = true;
    const done = vm.call("proxy_on_done", root, [], 1);
    root.pendingDone = done === 0 && vm.failure === null;
    if (!root.pendingDone) {
      vm.call("proxy_on_delete", root, []);
      vm.contexts.delete(root.id);
    }
    root.stop();
  }

  /** A failed VM is left where another does not start, as in Envoy: it is tried again later. */
  #reload(now: bigint): void {
    this.#root.stop();
    this.#loadedAt = now;
    try {
      this.#root = this.#load();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.#host.problem(`the plugin ${this.identity.name} was not reloaded: ${error.message}`);
    }
  }

  #vm(): Vm {
    const { timeLimit, vmKey } = this.#options;
    const present = this.#vms.get(vmKey);
    if (present?.failure === null) return present;
    const vm = this.#instantiate(timeLimit);
    vm.start();
    this.#expectAlive(vm);
    this.#vms.set(vmKey, vm);
    return vm;
  }

  #load(): RootContext {
    const { configuration, identity } = this.#options;
    const vm = this.#vm();
    const key = JSON.stringify([identity, Buffer.from(configuration).toString("latin1")]);
    const present = vm.roots.get(key);
    if (present !== undefined) return present;
    const root = new RootContext(vm, vm.nextContextId(), identity, configuration);
    vm.contexts.set(root.id, root);
    vm.roots.set(key, root);
    vm.configuring = root;
    vm.call("proxy_on_context_create", root, [0]);
    vm.configuring = null;
    // As Envoy: a trap there refuses nothing. What follows is called once more in the failed VM, and if
    // that goes well the plugin is taken, and every stream finds it failed.
    const created = vm.failure === null;
    const started = vm.callAnyway("proxy_on_vm_start", root, [vm.configuration.length], 1);
    if (!created && started !== 0) return root;
    this.#expectAlive(vm);
    if (started === 0) throw this.#refused("proxy_on_vm_start", "it refused to start");
    vm.configuring = root;
    const configured = vm.call("proxy_on_configure", root, [configuration.length], 1);
    vm.configuring = null;
    this.#expectAlive(vm);
    if (configured === 0) throw this.#refused("proxy_on_configure", "it refused its configuration");
    return root;
  }

  #instantiate(timeLimit: number): Vm {
    try {
      return new Vm(this.#host, this.#module, timeLimit);
    } catch (error) {
      throw new ToolError(
        "ERR_START_TRAP",
        `the module cannot be instantiated: ${messageOf(error)}`,
        {
          hint: "Look at its data and element segments, and at the memory and table it imports.",
          cause: error,
        },
      );
    }
  }

  #expectAlive(vm: Vm): void {
    const { failure } = vm;
    if (failure === null) return;
    throw new PluginTrapped(failure, this.#logged());
  }

  #refused(callback: string, what: string): ToolError {
    return new ToolError("ERR_FILTER_REFUSED", `${what} (${callback} answered false)`, {
      hint: "Look at the configuration, and at what the filter says of it.",
      ...this.#logged(),
    });
  }

  #logged(): { readonly detail?: string } {
    const detail = this.#host.logs.text().trimEnd();
    return detail === "" ? {} : { detail };
  }
}
