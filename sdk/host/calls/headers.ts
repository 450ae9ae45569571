import { LAST_MAP_TYPE, Status } from "../abi.ts";
import { fromLatin1 } from "../bytes.ts";
import { CallEnded } from "../guest-memory.ts";
import type { HeaderMap } from "../http/header-map.ts";
import { decodePairs, encodePairs } from "../pairs.ts";
import type { CallScope, HostCalls } from "./host-call.ts";

function checkType(type: number): void {
  if (type > LAST_MAP_TYPE) throw new CallEnded(Status.BadArgument);
}

/** The map to change; without one the call ends with BadArgument. */
function writable({ context }: CallScope, type: number): HeaderMap {
  const map = context.writableMap(type);
  if (map === null) throw new CallEnded(Status.BadArgument);
  return map;
}

/** What a header is to be in which map: the arguments are the map's type, the name and the value. */
function change(
  scope: CallScope,
  args: readonly number[],
): { readonly map: HeaderMap; readonly name: string; readonly value: string } {
  const [type = 0, key = 0, keySize = 0, text = 0, textSize = 0] = args;
  checkType(type);
  const name = scope.memory.readLatin1(key, keySize);
  const value = scope.memory.readLatin1(text, textSize);
  return { map: writable(scope, type), name, value };
}

/** Header maps: what is absent, and what is not there in this phase, is told apart as Envoy does. */
export const headerCalls: HostCalls = {
  proxy_get_header_map_value(
    scope,
    type: number,
    key: number,
    keySize: number,
    to: number,
    toSize: number,
  ) {
    checkType(type);
    const { context, memory, vm } = scope;
    const name = memory.readLatin1(key, keySize);
    const map = context.readableMap(type);
    if (map === null && !context.logging) return Status.BadArgument;
    const value = map?.get(name) ?? null;
    if (value === null && vm.module.abiVersion !== "0.1.0") return Status.NotFound;
    memory.writeResult(fromLatin1(value ?? ""), to, toSize);
    return Status.Ok;
  },

  proxy_get_header_map_pairs({ context, memory }, type: number, to: number, toSize: number) {
    checkType(type);
    const pairs = context.readableMap(type)?.entries() ?? [];
    const bytes = pairs.length === 0 ? new Uint8Array(0) : encodePairs(pairs);
    memory.writeResult(bytes, to, toSize);
    return Status.Ok;
  },

  proxy_get_header_map_size(scope, type: number, to: number) {
    checkType(type);
    scope.memory.writeU32(to, writable(scope, type).byteSize);
    return Status.Ok;
  },

  proxy_set_header_map_pairs(scope, type: number, data: number, size: number) {
    checkType(type);
    const pairs = decodePairs(scope.memory.read(data, size));
    const map = writable(scope, type);
    map.clear();
    for (const [name, value] of pairs) map.add(name, value);
    return Status.Ok;
  },

  proxy_add_header_map_value(scope, ...args: number[]) {
    const { map, name, value } = change(scope, args);
    map.add(name, value);
    return Status.Ok;
  },

  proxy_replace_header_map_value(scope, ...args: number[]) {
    const { map, name, value } = change(scope, args);
    map.set(name, value);
    return Status.Ok;
  },

  proxy_remove_header_map_value(scope, type: number, key: number, keySize: number) {
    checkType(type);
    const name = scope.memory.readLatin1(key, keySize);
    writable(scope, type).remove(name);
    return Status.Ok;
  },
};
