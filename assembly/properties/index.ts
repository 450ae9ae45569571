// Properties: what Envoy knows of the stream, its connections and the configuration it passes
// (Envoy calls them attributes). Each getter is one host call; nothing is asked for ahead of it.
//
// Texts, bytes, maps and lists are `null` when Envoy has no such value in this phase; numbers, times
// (nanoseconds since 1970) and durations (nanoseconds) are the `absent` that is given, -1 if none is.
import * as connection from "./connection";
import * as destination from "./destination";
import { FilterState } from "./filter-state";
import { Metadata } from "./metadata";
import * as plugin from "./plugin";
import * as request from "./request";
import * as response from "./response";
import * as source from "./source";
import * as upstream from "./upstream";
import * as xds from "./xds";

export { connection, destination, plugin, request, response, source, upstream, xds };
export {
  getBool,
  getBytes,
  getBytesMap,
  getDouble,
  getInteger,
  getList,
  getMap,
  getText,
  has,
  set,
  setBytes,
} from "./generic";

/** The stream's dynamic metadata, which other filters set. */
export function metadata(): Metadata {
  return new Metadata("metadata");
}

/** The filter state of the stream. */
export function filterState(): FilterState {
  return new FilterState("filter_state");
}

/** The filter state of the upstream connection. */
export function upstreamFilterState(): FilterState {
  return new FilterState("upstream_filter_state");
}
