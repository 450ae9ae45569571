import type { BodyBuffer } from "../http/body-buffer.ts";
import type { HeaderMap } from "../http/header-map.ts";

/** What a stream's filter holds of one direction, and the callbacks by which it is told of it. */
export class Direction {
  readonly kind: "request" | "response";
  headers: HeaderMap | null = null;
  body: BodyBuffer | null = null;
  trailers: HeaderMap | null = null;
  /** The guest asked for the body as a whole: it is handed what has come so far. */
  buffering = false;

  constructor(kind: "request" | "response") {
    this.kind = kind;
  }

  /** The callback for one of its parts. */
  callback(part: "headers" | "body" | "trailers" | "metadata"): string {
    return `proxy_on_${this.kind}_${part}`;
  }

  /** Lets go of all that is held. */
  forget(): void {
    this.headers = null;
    this.body = null;
    this.trailers = null;
  }
}
