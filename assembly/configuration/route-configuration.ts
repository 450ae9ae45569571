import { log } from "../log/log";
import { Configuration } from "../plugin/configuration";
import { lookUp, readText } from "../properties/read";
import { copyBytes } from "../runtime/bytes";
import { release, resultData, resultSize } from "../runtime/memory";
import { Json, JsonKind, JsonOptions } from "../std/json";
import { membersOf } from "./struct-json";

/** More are forgotten all at once: routes come and go with Envoy's configuration. */
// @ts-ignore: decorator
@inline
const MAX_KEPT = 256;

/** What one pair of a virtual host's and a route's metadata came to. */
@final
class Kept<T> {
  constructor(
    readonly virtualHost: Uint8Array,
    readonly route: Uint8Array,
    readonly value: T,
  ) {}
}

/**
 * Configuration that routes can change: the plugin's own, a JSON object, overlaid by what the
 * metadata of the request's virtual host, and then of its route, has under the filter's name. A key
 * of the overlay replaces the whole value that is below it.
 *
 * ```ts
 * class Limit {
 *   constructor(readonly perSecond: i64) {}
 * }
 *
 * class Limits extends RouteConfiguration<Limit> {
 *   read(json: Json): Limit {
 *     return new Limit(json.integer("perSecond", 10, 1));
 *   }
 * }
 *
 * class Plugged extends Plugin {
 *   limits: Limits = new Limits();
 *   override onConfigure(configuration: Configuration): bool {
 *     return this.limits.configure(configuration);
 *   }
 * }
 * // in onRequestHeaders:
 * const limit = this.plugin.limits.current();
 * ```
 *
 * with, in the route:
 *
 * ```yaml
 * metadata: { filter_metadata: { my-filter: { perSecond: 100 } } }
 * ```
 */
export abstract class RouteConfiguration<T> {
  private own: string = "{}";
  private ownValue: T | null = null;
  private kept: Kept<T>[] = [];

  /** @param name the key in the metadata; default: the plugin's name in Envoy's configuration. */
  constructor(private name: string = "") {}

  /**
   * Makes a value of a configuration. Errors are recorded on `json`, by its own accessors or `fail`.
   * Called for the plugin's own, and once for each distinct overlay, with all of both.
   */
  abstract read(json: Json): T;

  /**
   * What holds for a request whose overlay `read` has found an error in: by default the plugin's own.
   * The error is in the log already. Called once for each such overlay.
   */
  readInvalid(own: T, error: string): T {
    return own;
  }

  /** Takes the plugin's own configuration, in `onConfigure`; false, with the reason logged, if bad. */
  configure(configuration: Configuration): bool {
    const text = configuration.text();
    const own = text.length == 0 ? "{}" : text;
    const json = Json.parse(own);
    const value = this.read(json.asObject());
    const error = json.error;
    if (error !== null) {
      log.error("configuration: " + error);
      return false;
    }
    if (this.name.length == 0) {
      const name = readText("plugin_name");
      if (name !== null) this.name = name;
    }
    this.own = own;
    this.ownValue = value;
    this.kept = [];
    return true;
  }

  /**
   * What holds for the stream that the callback is for: from `onRequestHeaders` on. Two host calls;
   * each distinct overlay is read once. Not before `configure`.
   */
  current(): T {
    const virtualHost = pending("xds\0virtual_host_metadata");
    const virtualHostSize: usize = virtualHost == 0 ? 0 : resultSize();
    const route = pending("xds\0route_metadata");
    const routeSize: usize = route == 0 ? 0 : resultSize();
    let value: T = this.ownValue!;
    if (virtualHostSize + routeSize > 0) {
      value = this.valueFor(virtualHost, virtualHostSize, route, routeSize);
    }
    release(virtualHost);
    release(route);
    return value;
  }

  private valueFor(virtualHost: usize, virtualHostSize: usize, route: usize, routeSize: usize): T {
    for (let i = 0; i < this.kept.length; i++) {
      const each = unchecked(this.kept[i]);
      if (
        same(each.virtualHost, virtualHost, virtualHostSize) &&
        same(each.route, route, routeSize)
      ) {
        return each.value;
      }
    }
    const ofHost = copyBytes(virtualHost, virtualHostSize);
    const ofRoute = copyBytes(route, routeSize);
    const value = this.overlaid(membersOf(ofHost, this.name), membersOf(ofRoute, this.name));
    if (this.kept.length >= MAX_KEPT) this.kept = [];
    this.kept.push(new Kept<T>(ofHost, ofRoute, value));
    return value;
  }

  private overlaid(ofHost: string, ofRoute: string): T {
    const own = this.ownValue!;
    if (ofHost.length == 0 && ofRoute.length == 0) return own;
    // One object after the other: of keys that come twice, the last one wins.
    const inside = this.own.substring(this.own.indexOf("{") + 1, this.own.lastIndexOf("}")).trim();
    let text = "{" + inside;
    if (ofHost.length > 0) text += (text.length > 1 ? "," : "") + ofHost;
    if (ofRoute.length > 0) text += (text.length > 1 ? "," : "") + ofRoute;
    const options = new JsonOptions();
    options.allowDuplicateKeys = true;
    const json = Json.parse(text + "}", options);
    const value = this.read(json);
    const error = json.error;
    if (error === null) return value;
    log.error("configuration of a route: " + error);
    return this.readInvalid(own, error);
  }
}

/** Asks for a message; 0 when it is absent. The result is the caller's to release. */
function pending(path: string): usize {
  return lookUp(path) ? resultData() : 0;
}

function same(bytes: Uint8Array, data: usize, size: usize): bool {
  return <usize>bytes.length == size && memory.compare(bytes.dataStart, data, size) == 0;
}
