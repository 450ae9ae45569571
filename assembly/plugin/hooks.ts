// What the host's callbacks hand on to, set when the first timer is started, queue registered or
// counter batched: a filter that does nothing of the kind has none of it in its module.

type OfPlugin = (root: u32) => void;
type OfQueue = (token: u32) => void;
type Flush = () => void;

/** Runs the timers of a plugin that are due. */
// @ts-ignore: decorator
@lazy
export let runTimers: OfPlugin | null = null;

// @ts-ignore: decorator
@lazy
let dropTimers: OfPlugin | null = null;

/** Says who runs the timers of a plugin, and who drops those of one that is gone. */
export function setTimerHooks(run: OfPlugin, drop: OfPlugin): void {
  runTimers = run;
  dropTimers = drop;
}

/** Hands on that a queue has something. */
// @ts-ignore: decorator
@lazy
export let queueReady: OfQueue | null = null;

// @ts-ignore: decorator
@lazy
let dropQueues: OfPlugin | null = null;

/** Says who hears of queues, and who forgets those of a plugin that is gone. */
export function setQueueHooks(ready: OfQueue, drop: OfPlugin): void {
  queueReady = ready;
  dropQueues = drop;
}

// @ts-ignore: decorator
@lazy
let flush: Flush | null = null;

/** Says who hands on what was added up, before a plugin is gone. */
export function setFlushHook(hook: Flush): void {
  flush = hook;
}

/** Ends what belongs to a plugin that the host has done with. */
// @ts-ignore: decorator
@inline
export function endPlugin(root: u32): void {
  const counters = flush;
  if (counters !== null) counters();
  const timers = dropTimers;
  if (timers !== null) timers(root);
  const queues = dropQueues;
  if (queues !== null) queues(root);
}
