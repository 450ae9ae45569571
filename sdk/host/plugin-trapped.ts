import { ToolError } from "../errors.ts";
import type { VmFailure } from "./vm.ts";

/** A plugin that trapped before it served. Its message is V8's words: `explainHostTrap` knows the line. */
export class PluginTrapped extends ToolError {
  readonly failure: VmFailure;

  /** `logged`: what the filter has logged, if anything. */
  constructor(failure: VmFailure, logged: { readonly detail?: string }) {
    const { callback, reason, cause } = failure;
    const start = !callback.startsWith("proxy_on_") && callback !== "malloc";
    const hint = start
      ? "Envoy would refuse the module. While it starts, nothing but logging and WASI may be called."
      : "Envoy would refuse the filter. Its log may say why.";
    const code = start ? "ERR_START_TRAP" : "ERR_FILTER_TRAPPED";
    super(code, `${callback} trapped: ${reason}`, { hint, ...logged, cause });
    this.failure = failure;
  }
}
