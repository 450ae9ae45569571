// A TCP filter without fields: one object does for all connections.
import { DownstreamData, NetworkAction, TcpFilter, registerTcpFilter } from "as-proxy-wasm";

class Shout extends TcpFilter {
  override onDownstreamData(data: DownstreamData): NetworkAction {
    data.replace(data.text().toUpperCase());
    return NetworkAction.Continue;
  }
}
registerTcpFilter<Shout>("shout");
