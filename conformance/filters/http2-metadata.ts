// Says in the log which METADATA frames of HTTP/2 have come.
import { HttpFilter, log, registerHttpFilter } from "as-proxy-wasm";

class Metadata extends HttpFilter {
  override onRequestMetadata(count: u32): void {
    log.info("request " + count.toString());
  }

  override onResponseMetadata(count: u32): void {
    log.info("response " + count.toString());
  }
}
registerHttpFilter<Metadata>("metadata");
