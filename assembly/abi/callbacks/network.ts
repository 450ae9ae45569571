import { ClosePeer, NetworkAction } from "../../network/action";
import { DownstreamData, UpstreamData } from "../../network/data";
import { findTcpFilter } from "../../plugin/contexts";
import { enter, leave } from "../../runtime/callback";

// One of each does for all connections: they are open only in the callback that they are handed to.
// @ts-ignore: decorator
@lazy
let downstreamData: DownstreamData | null = null;
// @ts-ignore: decorator
@lazy
let upstreamData: UpstreamData | null = null;

export function proxy_on_new_connection(id: u32): NetworkAction {
  const outer = enter(id);
  let action = NetworkAction.Continue;
  const filter = findTcpFilter(id);
  if (filter !== null) action = filter.onNewConnection();
  leave(outer);
  return action;
}

export function proxy_on_downstream_data(id: u32, size: u32, endOfStream: u32): NetworkAction {
  const outer = enter(id);
  let action = NetworkAction.Continue;
  const filter = findTcpFilter(id);
  if (filter !== null) {
    const known = downstreamData;
    const data = known !== null ? known : new DownstreamData();
    downstreamData = data;
    data.__open(size, endOfStream != 0);
    action = filter.onDownstreamData(data);
  }
  leave(outer);
  return action;
}

export function proxy_on_upstream_data(id: u32, size: u32, endOfStream: u32): NetworkAction {
  const outer = enter(id);
  let action = NetworkAction.Continue;
  const filter = findTcpFilter(id);
  if (filter !== null) {
    const known = upstreamData;
    const data = known !== null ? known : new UpstreamData();
    upstreamData = data;
    data.__open(size, endOfStream != 0);
    action = filter.onUpstreamData(data);
  }
  leave(outer);
  return action;
}

export function proxy_on_downstream_connection_close(id: u32, peer: ClosePeer): void {
  const outer = enter(id);
  const filter = findTcpFilter(id);
  if (filter !== null) filter.onDownstreamClose(peer);
  leave(outer);
}

export function proxy_on_upstream_connection_close(id: u32, peer: ClosePeer): void {
  const outer = enter(id);
  const filter = findTcpFilter(id);
  if (filter !== null) filter.onUpstreamClose(peer);
  leave(outer);
}
