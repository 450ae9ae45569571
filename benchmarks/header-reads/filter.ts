// Reads as many of the request's headers as its configuration says, as `{"get":3}` each by a call of
// its own, as `{"snapshot":3}` from one reading of the whole map.
import {
  Action,
  Configuration,
  HttpFilter,
  Json,
  Plugin,
  RequestHeaders,
  registerPlugin,
} from "as-proxy-wasm";

class Reads extends Plugin {
  private readonly names: string[] = [
    ":path",
    ":authority",
    "x-forwarded-proto",
    "user-agent",
    "x-request-id",
    "accept",
    ":method",
    "x-none",
  ];
  gets: i32 = 0;
  snapshots: i32 = 0;
  /** What is read must be used, or reading it could be left out. */
  seen: i64 = 0;

  override onConfigure(configuration: Configuration): bool {
    const json = Json.parse(configuration.text());
    this.gets = <i32>json.integer("get", 0, 0, this.names.length);
    this.snapshots = <i32>json.integer("snapshot", 0, 0, this.names.length);
    return json.error === null;
  }

  override createHttpFilter(): HttpFilter {
    return new Reader(this);
  }

  /** The names that are read. */
  name(index: i32): string {
    return unchecked(this.names[index]);
  }

  take(value: string | null): void {
    if (value !== null) this.seen += value.length;
  }
}

class Reader extends HttpFilter {
  constructor(private readonly reads: Reads) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const reads = this.reads;
    for (let i = 0; i < reads.gets; i++) reads.take(headers.get(reads.name(i)));
    if (reads.snapshots > 0) {
      const snapshot = headers.snapshot();
      for (let i = 0; i < reads.snapshots; i++) reads.take(snapshot.get(reads.name(i)));
    }
    return Action.Continue;
  }
}
registerPlugin<Reads>("header-reads");
