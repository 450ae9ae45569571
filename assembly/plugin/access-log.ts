import { RequestHeaders, ResponseHeaders } from "../http/headers";
import { ResponseTrailers } from "../http/trailers";

/** A stream that is complete and about to be logged, as `Plugin.onAccessLog` sees it. */
@final
export class AccessLog {
  /** What the request's headers have become; readable only. */
  get requestHeaders(): RequestHeaders {
    return new RequestHeaders();
  }

  /** What the response's headers have become; readable only. */
  get responseHeaders(): ResponseHeaders {
    return new ResponseHeaders();
  }

  /** What the response's trailers have become; readable only. */
  get responseTrailers(): ResponseTrailers {
    return new ResponseTrailers();
  }
}
