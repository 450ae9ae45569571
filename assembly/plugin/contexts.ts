// From the context ids that the host passes to the objects of the author.

import { forgetCallouts } from "../callout/hooks";
import { HttpFilter } from "../http/filter";
import { log } from "../log/log";
import { TcpFilter } from "../network/filter";
import { currentContext, inCallback } from "../runtime/callback";
import { readText } from "../properties/read";
import { Plugin } from "./plugin";
import { Registration, firstRegistration } from "./registry";
import { StreamContext } from "./stream-context";

// The plugins of the root contexts: few, so a list that they are linked in by their own field does.
// @ts-ignore: decorator
@lazy
let plugins: Plugin | null = null;

/** The root context that something is being created under at the moment; 0 for none. */
// @ts-ignore: decorator
@lazy
let creatingUnder: u32 = 0;

// Streams by context id: buckets of objects that are linked by their own field. Envoy counts the
// ids up, so the lowest bits spread them evenly. AssemblyScript's Map would cost 1.4 KB.
// @ts-ignore: decorator
@lazy
let buckets: StaticArray<StreamContext | null> = new StaticArray<StreamContext | null>(16);

// @ts-ignore: decorator
@lazy
let streams: i32 = 0;

/** The filter that all streams share, once it was needed. */
// @ts-ignore: decorator
@lazy
let shared: StreamContext | null = null;

/**
 * The plugin of a root context; `null` when no registration fits its root_id, or none was created
 * by that id.
 */
export function findPlugin(id: u32): Plugin | null {
  let plugin = plugins;
  while (plugin !== null && plugin.__contextId != id) plugin = plugin.__next;
  return plugin;
}

/**
 * The root context that the current callback belongs to; 0 outside of callbacks. A filter that all
 * streams share does not know whose stream it serves: one of the plugins that it is shared by then.
 */
export function currentRoot(): u32 {
  if (!inCallback()) return 0;
  if (creatingUnder != 0) return creatingUnder;
  if (findPlugin(currentContext) !== null) return currentContext;
  const stream = findOwn(currentContext);
  if (stream !== null) return stream.__rootId;
  const plugin = plugins;
  return plugin === null ? 0 : plugin.__contextId;
}

/**
 * The filter of a stream; `null` when the stream has none. A module whose only filter is shared
 * needs no context to be created: `build` leaves those exports out.
 */
export function findHttpFilter(id: u32): HttpFilter | null {
  const found = findOwn(id);
  // The host makes HTTP callbacks for HTTP streams only, and those have HTTP filters.
  return changetype<HttpFilter | null>(found !== null ? found : sharedFilter());
}

/** The filter of a TCP connection; `null` when it has none, or one for HTTP. As `findHttpFilter`. */
export function findTcpFilter(id: u32): TcpFilter | null {
  const found = findStream(id);
  // No cast: it would keep the compiler's own messages for a wrong one in every module.
  return found instanceof TcpFilter ? changetype<TcpFilter>(found) : null;
}

/** The stream's own or shared object, of whichever kind; `null` when the stream has none. */
export function findStream(id: u32): StreamContext | null {
  const found = findOwn(id);
  return found !== null ? found : sharedFilter();
}

function findOwn(id: u32): StreamContext | null {
  if (streams == 0) return null;
  let stream = unchecked(buckets[id & (buckets.length - 1)]);
  while (stream !== null && stream.__contextId != id) stream = stream.__next;
  return stream;
}

/** Creates the context `id`: a root context where `parent` is 0, else a stream of that root. */
export function createContext(id: u32, parent: u32): void {
  if (parent == 0) {
    const registration = selectRegistration();
    if (registration === null) return;
    creatingUnder = id;
    const plugin = registration.create();
    creatingUnder = 0;
    plugin.__contextId = id;
    plugin.__next = plugins;
    plugins = plugin;
    return;
  }
  if (sharedFilter() !== null) return;
  const plugin = findPlugin(parent);
  if (plugin === null) return;
  creatingUnder = parent;
  let filter: StreamContext | null = plugin.createHttpFilter();
  if (filter === null) filter = plugin.createTcpFilter();
  creatingUnder = 0;
  if (filter === null) return;
  filter.__rootId = parent;
  insert(id, filter);
}

/** Forgets the context `id`. */
export function deleteContext(id: u32): void {
  forgetCallouts(id);
  if (removeStream(id)) return;
  let previous: Plugin | null = null;
  let plugin = plugins;
  while (plugin !== null && plugin.__contextId != id) {
    previous = plugin;
    plugin = plugin.__next;
  }
  if (plugin === null) return;
  if (previous === null) plugins = plugin.__next;
  else previous.__next = plugin.__next;
}

/** Whether `id` is a root context without a plugin; the log then says which names there are. */
export function isUnknownPlugin(id: u32): bool {
  if (findPlugin(id) !== null) return false;
  let names = "";
  let registration = firstRegistration;
  while (registration !== null) {
    names += names.length == 0 ? registration.name : ", " + registration.name;
    registration = registration.next;
  }
  log.error("root_id '" + readRootId() + "' is not registered; it must be one of: " + names);
  return true;
}

/** The registration for the root context that is being created. */
function selectRegistration(): Registration | null {
  const first = firstRegistration;
  // One registration fits any root_id: no host call.
  if (first === null || first.next === null) return first;
  const rootId = readRootId();
  let registration: Registration | null = first;
  while (registration !== null && registration.name != rootId) registration = registration.next;
  return registration;
}

function readRootId(): string {
  const rootId = readText("plugin_root_id");
  return rootId === null ? "" : rootId;
}

function sharedFilter(): StreamContext | null {
  if (shared !== null) return shared;
  const only = firstRegistration;
  if (only === null || only.next !== null) return null;
  const create = only.createShared;
  if (create === null) return null;
  shared = create();
  return shared;
}

function insert(id: u32, stream: StreamContext): void {
  // An id that comes twice replaces the first; an object that is in use already stays where it is.
  removeStream(id);
  if (stream.__contextId != 0) {
    log.error("a plugin must make a new object for each stream");
    return;
  }
  if (streams >= buckets.length) grow();
  stream.__contextId = id;
  link(buckets, stream);
  streams++;
}

function link(target: StaticArray<StreamContext | null>, stream: StreamContext): void {
  const index = stream.__contextId & (target.length - 1);
  stream.__next = unchecked(target[index]);
  unchecked((target[index] = stream));
}

function grow(): void {
  const old = buckets;
  const wider = new StaticArray<StreamContext | null>(old.length << 1);
  for (let i = 0; i < old.length; i++) {
    let stream = unchecked(old[i]);
    while (stream !== null) {
      const next = stream.__next;
      link(wider, stream);
      stream = next;
    }
  }
  buckets = wider;
}

function removeStream(id: u32): bool {
  if (streams == 0) return false;
  const index = id & (buckets.length - 1);
  let previous: StreamContext | null = null;
  let stream = unchecked(buckets[index]);
  while (stream !== null && stream.__contextId != id) {
    previous = stream;
    stream = stream.__next;
  }
  if (stream === null) return false;
  if (previous === null) unchecked((buckets[index] = stream.__next));
  else previous.__next = stream.__next;
  stream.__next = null;
  stream.__contextId = 0;
  streams--;
  return true;
}
