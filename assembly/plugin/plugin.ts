import { HttpFilter } from "../http/filter";
import { Configuration } from "./configuration";

/**
 * What the filters of one configuration share. There is one object for each VM (so for each worker
 * thread) and plugin configuration. Register it with `registerPlugin`.
 */
export abstract class Plugin {
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
}
