import { MapType } from "../abi/enums";
import { HeaderMap } from "./header-map";

/** The request's trailers. Readable and writable in `onRequestTrailers`; `onLog` has none. */
@final
export class RequestTrailers extends HeaderMap {
  constructor() {
    super(MapType.RequestTrailers);
  }
}

/** The response's trailers. Readable and writable in `onResponseTrailers`, readable in `onLog`. */
@final
export class ResponseTrailers extends HeaderMap {
  constructor() {
    super(MapType.ResponseTrailers);
  }
}
