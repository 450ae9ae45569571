import { MapType } from "../abi/enums";
import { HeaderMap } from "../http/header-map";

/**
 * Headers, trailers or metadata of an answer to a callout. Readable only inside the callback that
 * hands them over, empty elsewhere; Envoy refuses to change them (`BadArgument`).
 */
@final
export class CalloutHeaders extends HeaderMap {
  /** @internal */
  constructor(map: MapType) {
    super(map);
  }
}
