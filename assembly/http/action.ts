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
