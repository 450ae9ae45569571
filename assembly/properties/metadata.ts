// Metadata: JSON-like values under a namespace (mostly a filter's name) and a key, as filters set
// them on a request and operators write them into Envoy's configuration. Wasm can read it only.
import { takeBytes, takeString } from "../runtime/bytes";
import { release, resultData } from "../runtime/memory";
import { toBytesMap, toList, toMap } from "./encoding";
import { lookUp, takeBool, takeInteger } from "./read";

/**
 * The metadata of one place, from `properties.metadata()` and its kin:
 *
 * ```ts
 * const tenant = properties.metadata().text("envoy.filters.http.jwt_authn", "tenant");
 * ```
 */
@final
export class Metadata {
  /**
   * @param path the property that holds it
   * @internal
   */
  constructor(private readonly path: string) {}

  /** The text at `key`; `null` when there is none. The value must be a text in the metadata. */
  text(namespace: string, key: string): string | null {
    return this.ask(namespace, key) ? takeString() : null;
  }

  /** The number at `key`; `absent` when there is none. */
  number(namespace: string, key: string, absent: f64 = NaN): f64 {
    return this.ask(namespace, key)
      ? reinterpret<f64>(takeInteger(reinterpret<i64>(absent)))
      : absent;
  }

  /** The truth value at `key`; `absent` when there is none. */
  bool(namespace: string, key: string, absent: bool = false): bool {
    return this.ask(namespace, key) ? takeBool(absent) : absent;
  }

  /** The object of texts at `key`; `null` when there is none. */
  map(namespace: string, key: string): Map<string, string> | null {
    return this.ask(namespace, key) ? toMap() : null;
  }

  /** The list of texts at `key`; `null` when there is none. */
  list(namespace: string, key: string): string[] | null {
    return this.ask(namespace, key) ? toList() : null;
  }

  /** The value at `key` as the host encodes it (see `properties.getBytes`); `null` for none. */
  bytes(namespace: string, key: string): Uint8Array | null {
    return this.ask(namespace, key) ? takeBytes() : null;
  }

  /**
   * Everything under `namespace`, each value as the host encodes it; `null` when there is none, or
   * when a null is in it, which Envoy cannot hand over.
   */
  all(namespace: string): Map<string, Uint8Array> | null {
    return this.ask(namespace, null) ? toBytesMap() : null;
  }

  /** Whether there is a value at `key`. */
  has(namespace: string, key: string): bool {
    if (!this.ask(namespace, key)) return false;
    release(resultData());
    return true;
  }

  private ask(namespace: string, key: string | null): bool {
    if (namespace.indexOf("\0") >= 0) return false;
    const path = this.path + "\0filter_metadata\0" + namespace;
    if (key === null) return lookUp(path);
    return key.indexOf("\0") < 0 && lookUp(path + "\0" + key);
  }
}
