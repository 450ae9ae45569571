import { MapType } from "../abi/enums";
import { HeaderMap } from "./header-map";

/**
 * The request's headers. Readable and writable in `onRequestHeaders` and, where that stopped them, in
 * the callbacks until they go on (keep the object in a field for that); readable in `onLog`.
 */
@final
export class RequestHeaders extends HeaderMap {
  /** Whether the request ends here: no body and no trailers follow. */
  endOfStream: bool = false;

  constructor() {
    super(MapType.RequestHeaders);
  }
}

/** The response's headers; as `RequestHeaders`, from `onResponseHeaders` on. */
@final
export class ResponseHeaders extends HeaderMap {
  /** Whether the response ends here: no body and no trailers follow. */
  endOfStream: bool = false;

  constructor() {
    super(MapType.ResponseHeaders);
  }
}
