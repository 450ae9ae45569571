import { Status } from "../abi/enums";
import { Plugin } from "./plugin";
import { findSchedule } from "./schedule";
import { Timer } from "./timer";

/** The timer behind `Plugin.onTick`. */
@final
class PluginTick extends Timer {
  constructor(private readonly plugin: Plugin) {
    super();
  }

  override onTimer(): void {
    this.plugin.onTick();
  }
}

/** Makes `period` milliseconds the time between two `onTick` of a plugin; 0 for none. */
export function setPluginTick(plugin: Plugin, root: u32, period: u32): Status {
  stop(root);
  return period == 0 ? Status.Ok : new PluginTick(plugin).__everyForPlugin(root, period);
}

function stop(root: u32): void {
  const schedule = findSchedule(root);
  if (schedule === null) return;
  let timer = schedule.first;
  while (timer !== null && !(timer instanceof PluginTick)) timer = timer.__next;
  if (timer !== null) timer.cancel();
}
