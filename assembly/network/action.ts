/** What Envoy does after a callback of a TCP filter. */
export const enum NetworkAction {
  /** Goes on with the next filter. */
  Continue = 0,
  /**
   * Stops: the filters behind this one see nothing of the connection or of its data. Data that came
   * from the client is kept, and the next callback sees all that was kept, until one answers
   * `Continue` or `continueDownstream` is called. Data that came from the upstream is kept too, until
   * a callback with more of it answers `Continue`: Envoy has no call that goes on with it.
   */
  StopIteration = 1,
}

/** Who closed a connection. */
export const enum ClosePeer {
  /** Envoy does not say. */
  Unknown = 0,
  /** Envoy itself, or a filter. */
  Local = 1,
  /** The other end. */
  Remote = 2,
}
