/**
 * What Envoy does after a headers callback. More than the specification's Continue and Pause:
 * Envoy passes its own, richer codes through.
 */
export const enum Action {
  /** Goes on with the next filter. */
  Continue = 0,
  /**
   * Stops before the next filter sees the headers; body callbacks of this filter still come. Needs
   * `allow_on_headers_stop_iteration: true` in Envoy's PluginConfig; without it Envoy takes it for
   * `StopAllIterationAndWatermark`.
   */
  StopIteration = 1,
  /** Stops everything and buffers what arrives; 413 (request) or 500 (response) beyond the limit. */
  StopAllIterationAndBuffer = 3,
  /** Stops everything; the peer is slowed down once Envoy's buffer is full. */
  StopAllIterationAndWatermark = 4,
}

/** What Envoy does after a body callback. */
export const enum BodyAction {
  /**
   * Goes on with these bytes, and with what was held before them: headers that were stopped, bytes
   * that were buffered.
   */
  Continue = 0,
  /**
   * Keeps the bytes. The next callback sees them again, together with those that came in between:
   * `size` grows until the whole body is there. Beyond Envoy's buffer limit (1 MiB unless it is
   * configured otherwise) a request is answered with 413, and a response with 500 or, where its
   * headers are gone already, by breaking it off.
   */
  StopIterationAndBuffer = 1,
  /**
   * Keeps the bytes, and stops the sender once Envoy's buffer is full, instead of failing: from then
   * on nothing more comes. The next callback sees only what came in between. What was kept goes on,
   * unseen, when a later callback answers `Continue` or the stream is continued.
   */
  StopIterationAndWatermark = 2,
  /**
   * Drops the bytes: they go nowhere. Later ones still come to this filter. Dropping the last part
   * also holds the end back, until the stream is continued: to end a body there, `clear()` it and
   * answer `Continue`.
   */
  StopIterationNoBuffer = 3,
}

/** What Envoy does after a trailers callback. */
export const enum TrailersAction {
  /** Goes on with the trailers, and with what was held before them. */
  Continue = 0,
  /** Holds the trailers, and what was held before them, until the stream is continued. */
  StopIteration = 1,
}
