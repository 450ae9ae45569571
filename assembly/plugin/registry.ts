import { HttpFilter } from "../http/filter";
import { TcpFilter } from "../network/filter";
import { Plugin } from "./plugin";
import { StreamContext } from "./stream-context";

/** A plugin class under the name that a `root_id` selects it by. */
@final
export class Registration {
  next: Registration | null = null;

  constructor(
    readonly name: string,
    readonly create: () => Plugin,
    /** Makes the filter that all streams share, if the filter class has no fields; else `null`. */
    readonly createShared: (() => StreamContext) | null,
  ) {}
}

/** All registrations of this module, in the order of the source. */
// @ts-ignore: decorator
@lazy
export let firstRegistration: Registration | null = null;

function register(registration: Registration): void {
  const first = firstRegistration;
  if (first === null) {
    firstRegistration = registration;
    return;
  }
  let last: Registration = first;
  let next = last.next;
  while (next !== null) {
    last = next;
    next = last.next;
  }
  last.next = registration;
}

/** The plugin of a filter that needs none. */
class FilterOnlyPlugin<F extends HttpFilter> extends Plugin {
  override createHttpFilter(): HttpFilter | null {
    return instantiate<F>();
  }
}

/** The same for TCP connections. */
class TcpFilterOnlyPlugin<F extends TcpFilter> extends Plugin {
  override createTcpFilter(): TcpFilter | null {
    return instantiate<F>();
  }
}

/**
 * Registers a plugin class under `name`, in top-level code. With one registration in the module any
 * `root_id` selects it; with several, `root_id` must be the name.
 */
export function registerPlugin<P extends Plugin>(name: string): void {
  register(new Registration(name, (): Plugin => instantiate<P>(), null));
}

/** Registers a filter that needs no plugin class of its own; `name` as in `registerPlugin`. */
export function registerHttpFilter<F extends HttpFilter>(name: string): void {
  const create = (): Plugin => new FilterOnlyPlugin<F>();
  // Without fields of its own, one object does for all streams.
  if (offsetof<F>() == offsetof<HttpFilter>()) {
    register(new Registration(name, create, (): StreamContext => instantiate<F>()));
  } else {
    register(new Registration(name, create, null));
  }
}

/** As `registerHttpFilter`, for a filter of TCP connections. */
export function registerTcpFilter<F extends TcpFilter>(name: string): void {
  const create = (): Plugin => new TcpFilterOnlyPlugin<F>();
  if (offsetof<F>() == offsetof<TcpFilter>()) {
    register(new Registration(name, create, (): StreamContext => instantiate<F>()));
  } else {
    register(new Registration(name, create, null));
  }
}
