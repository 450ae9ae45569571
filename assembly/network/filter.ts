import { StreamContext } from "../plugin/stream-context";
import { ClosePeer, NetworkAction } from "./action";
import { DownstreamData, UpstreamData } from "./data";

/**
 * A filter of TCP connections (`envoy.filters.network.wasm`): override the callbacks you need, and
 * register it with `registerTcpFilter`, or make it in a plugin's `createTcpFilter`. Envoy calls only
 * what is overridden.
 *
 * There is one object for each connection, so fields hold what belongs to one connection. A filter
 * that is registered alone, by `registerTcpFilter`, and has no fields is made once and shared.
 */
export abstract class TcpFilter extends StreamContext {
  /**
   * A client has connected. Nothing has been read yet, and no upstream has been chosen.
   *
   * Stopped here, Envoy's TCP proxy never connects, and it reads nothing before it has: no data
   * callback comes until `continueDownstream` is called, by the answer of a callout for instance.
   */
  onNewConnection(): NetworkAction {
    return NetworkAction.Continue;
  }

  /** Bytes have come from the client; with `endOfStream`, no more will. */
  onDownstreamData(data: DownstreamData): NetworkAction {
    return NetworkAction.Continue;
  }

  /** Bytes have come from the upstream, on their way to the client; with `endOfStream`, no more will. */
  onUpstreamData(data: UpstreamData): NetworkAction {
    return NetworkAction.Continue;
  }

  /** The client's connection is closed: last of all, before `onLog` and `onDelete`. */
  onDownstreamClose(peer: ClosePeer): void {}

  /**
   * The upstream has ended its side, after its last data. Not called when the client's connection is
   * closed first. `peer` is `Unknown`.
   */
  onUpstreamClose(peer: ClosePeer): void {}
}
