// What TCP filters do, one class for each thing: `edit` changes the bytes of both directions,
// `hold` keeps them until a line is whole, `close` does what the client's bytes say, `ends` is told of ends.
import {
  AccessLog,
  ClosePeer,
  Counter,
  DownstreamData,
  NetworkAction,
  Plugin,
  TcpFilter,
  Timer,
  UpstreamData,
  closeDownstream,
  closeUpstream,
  continueDownstream,
  log,
  properties,
  registerPlugin,
  registerTcpFilter,
} from "as-proxy-wasm";

const held = new Counter("tcp_held");

/** The bytes with the case of ASCII letters turned. */
function turned(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i++) {
    const letter = bytes[i] | 0x20;
    if (letter >= 0x61 && letter <= 0x7a) bytes[i] ^= 0x20;
  }
  return bytes;
}

class Edit extends TcpFilter {
  down: i32 = 0;
  up: i32 = 0;

  override onDownstreamData(data: DownstreamData): NetworkAction {
    // A hold on the whole buffer by parts must see what a hold on it at once sees.
    const bytes = data.bytes();
    const half = data.size / 2;
    const parts = data.read(0, half).length + data.read(half, u32.MAX_VALUE).length;
    if (<u32>parts != data.size || <u32>bytes.length != data.size) data.replace("read failed");
    if (data.size > 0) data.replaceBytes(turned(bytes));
    if (this.down++ == 0) data.prepend("begin:");
    if (data.endOfStream) data.append(":end");
    return NetworkAction.Continue;
  }

  override onUpstreamData(data: UpstreamData): NetworkAction {
    if (data.size > 0) data.replaceBytes(turned(data.bytes()));
    if (this.up++ == 0) data.prependBytes(Uint8Array.wrap(String.UTF8.encode("re:")));
    if (data.endOfStream) data.append(":er");
    return NetworkAction.Continue;
  }
}

class Edits extends Plugin {
  override createTcpFilter(): TcpFilter | null {
    return new Edit();
  }
}
registerPlugin<Edits>("edit");

class Hold extends TcpFilter {
  override onDownstreamData(data: DownstreamData): NetworkAction {
    const text = data.text();
    if (!text.endsWith("\n")) {
      held.increment();
      return NetworkAction.StopIteration;
    }
    data.replace(text.length.toString() + " " + text);
    if (!text.startsWith("continue")) return NetworkAction.Continue;
    continueDownstream();
    return NetworkAction.StopIteration;
  }

  override onUpstreamData(data: UpstreamData): NetworkAction {
    const text = data.text();
    if (data.endOfStream || text.endsWith("\n")) return NetworkAction.Continue;
    held.increment();
    return NetworkAction.StopIteration;
  }
}
registerTcpFilter<Hold>("hold");

class Later extends Timer {
  override onTimer(): void {
    continueDownstream();
  }
}

class Wait extends TcpFilter {
  later: Later = new Later();

  override onNewConnection(): NetworkAction {
    this.later.once(1);
    return NetworkAction.StopIteration;
  }
}
registerTcpFilter<Wait>("wait");

class Close extends TcpFilter {
  from: i64 = properties.source.port();

  private tell(what: string): void {
    log.info(this.from.toString() + " " + what);
  }

  override onNewConnection(): NetworkAction {
    this.tell("new");
    return NetworkAction.Continue;
  }

  override onDownstreamData(data: DownstreamData): NetworkAction {
    const text = data.text();
    if (text.startsWith("close downstream")) closeDownstream();
    if (text.startsWith("close upstream")) closeUpstream();
    return NetworkAction.Continue;
  }

  override onUpstreamData(data: UpstreamData): NetworkAction {
    if (data.text().startsWith("close downstream")) closeDownstream();
    return NetworkAction.Continue;
  }

  override onDownstreamClose(peer: ClosePeer): void {
    this.tell("downstream closed by " + peer.toString());
  }

  override onUpstreamClose(peer: ClosePeer): void {
    this.tell("upstream closed by " + peer.toString());
  }

  override onLog(): void {
    this.tell("log");
  }

  override onDelete(): void {
    this.tell("delete");
  }
}
registerTcpFilter<Close>("close");

class Ends extends Plugin {
  override onAccessLog(entry: AccessLog): void {
    const none = entry.requestHeaders.get(":path") === null;
    log.info("over, without a request: " + none.toString());
  }
}
registerPlugin<Ends>("ends");
