import { CalloutResponse } from "./response";

/** Why an HttpCallout has no answer. */
export const enum CalloutFailureReason {
  /** The time ran out before the answer's headers came: Envoy's own 504. */
  Timeout = 1,
  /**
   * No connection, or it ended before the answer's headers came, or a circuit breaker: Envoy's own
   * 503 or other 5xx. An answer of the service itself, be it 503, is no failure.
   */
  Unreachable = 2,
  /** The answer broke off after its headers, or its time ran out there. */
  Reset = 3,
}

/** What came of an HttpCallout that got no answer. Readable only inside `onFailure`. */
@final
export class CalloutFailure {
  constructor(
    /** What went wrong. */
    readonly reason: CalloutFailureReason,
    private readonly reply: CalloutResponse | null,
  ) {}

  /** In Envoy's own words, for a log line: `upstream request timeout`. */
  message(): string {
    const reply = this.reply;
    return reply === null ? "the response broke off" : reply.text();
  }
}
