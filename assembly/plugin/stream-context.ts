/** One stream, as the context table knows it: the base of the filters that authors write. */
export abstract class StreamContext {
  /** The id of the stream's context; 0 while it has none. @internal */
  __contextId: u32 = 0;
  /** The root context that the stream belongs to. @internal */
  __rootId: u32 = 0;
  /** The next stream in the same bucket of the context table. @internal */
  __next: StreamContext | null = null;

  /** The stream is complete and about to be logged: the headers of both directions are readable. */
  onLog(): void {}

  /** The stream is gone, and so is this object after the call. */
  onDelete(): void {}
}
