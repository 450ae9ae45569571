import { Status } from "../abi/enums";
import { HttpFilter } from "../http/filter";
import { TcpFilter } from "../network/filter";
import { AccessLog } from "./access-log";
import { Configuration } from "./configuration";
import { currentRoot } from "./contexts";
import { endPending } from "./pending";
import { setPluginTick } from "./plugin-tick";
import { StatsSnapshot } from "./stats-snapshot";
import { VmConfiguration } from "./vm-configuration";

/**
 * What the filters of one configuration share. There is one object for each VM (so for each worker
 * thread) and plugin configuration. Register it with `registerPlugin`.
 *
 * Envoy has a VM in its own thread too, which serves no request, but whose plugins start, tick, hear
 * of queues and end like those of the workers; and one more in which it tries a configuration, and
 * which it drops without `onDone` or `onDelete`. Configured as a service (`envoy.bootstrap.wasm`), a
 * plugin belongs to no listener, and as a singleton it runs in Envoy's own thread alone: to tick, to
 * take what filters put into its queue, to make callouts.
 */
export abstract class Plugin {
  /** The id of the plugin's root context; 0 in the constructor. @internal */
  __contextId: u32 = 0;
  /** The next plugin of this VM. @internal */
  __next: Plugin | null = null;

  /**
   * The VM has started, and this is the first call for the plugin, before `onConfigure`: the VM's own
   * configuration is readable. Answering false makes Envoy refuse the plugin: log what is wrong
   * first. Called as often as `onConfigure`.
   */
  onStart(vm: VmConfiguration): bool {
    return true;
  }

  /**
   * Takes the configuration. Answering false makes Envoy refuse it: log what is wrong first. Each
   * worker calls it once, and Envoy itself once or twice more.
   */
  onConfigure(configuration: Configuration): bool {
    return true;
  }

  /** Makes the filter of one HTTP stream; `null` lets the stream pass untouched. */
  createHttpFilter(): HttpFilter | null {
    return null;
  }

  /**
   * Makes the filter of one TCP connection; `null` lets the connection pass untouched. Asked when
   * `createHttpFilter` made none: a plugin makes filters of one kind.
   */
  createTcpFilter(): TcpFilter | null {
    return null;
  }

  /**
   * Is called again and again once `setTickPeriod` was called; `build` refuses a plugin that overrides
   * it where nothing calls that. A `Timer` does the same, and there can be many.
   */
  onTick(): void {}

  /**
   * Has `onTick` called every so many milliseconds, the first time after one period; 0 stops it. From
   * any callback, and fails like `Timer.every`, whose beat it keeps.
   */
  setTickPeriod(milliseconds: u32): Status {
    const root = this.__contextId != 0 ? this.__contextId : currentRoot();
    return setPluginTick(this, root, milliseconds);
  }

  /**
   * A stream is complete, where the plugin is configured as an access logger
   * (`envoy.access_loggers.wasm`). As such it need not make filters; one that does both is the same
   * object for both only where name, root_id and configuration are the same.
   */
  onAccessLog(log: AccessLog): void {}

  /**
   * Envoy hands out its statistics, where the plugin is configured as a stats sink
   * (`envoy.stat_sinks.wasm`): every `stats_flush_interval`, in Envoy's own thread, and so in no VM
   * that serves requests.
   */
  onStats(stats: StatsSnapshot): void {}

  /**
   * The host has no more use for the plugin: its configuration was replaced or removed, or Envoy
   * shuts down. Answering false delays the end until `done` is called, which only happens while the
   * VM lives on: where another plugin uses it.
   */
  onDone(): bool {
    return true;
  }

  /** Ends a plugin whose `onDone` has answered false. From any callback; `NotFound` at other times. */
  done(): Status {
    return endPending(this.__contextId);
  }

  /** The plugin is gone, and so is this object after the call; its timers and queues go with it. */
  onDelete(): void {}
}
