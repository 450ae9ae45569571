// What happens to a plugin that is taken away under a running Envoy.
import {
  Action,
  BatchedCounter,
  Configuration,
  Counter,
  HttpFilter,
  Plugin,
  RequestHeaders,
  Status,
  Timer,
  registerPlugin,
} from "as-proxy-wasm";

const batched = new BatchedCounter("end_batched");
const asked = new Counter("end_asked");
const late = new Counter("end_late");
const tooLate = new Counter("end_too_late");
const deleted = new Counter("end_deleted");

class Late extends Timer {
  constructor(private readonly plugin: Ending) {
    super();
  }

  override onTimer(): void {
    if (this.plugin.isDeleted) tooLate.increment();
    else if (this.plugin.isPending && this.plugin.done() == Status.Ok) late.increment();
  }
}

class Stream extends HttpFilter {
  constructor(private readonly plugin: Ending) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    if (this.plugin.name != "quiet") batched.increment();
    headers.set("x-plugin", this.plugin.name);
    return Action.Continue;
  }
}

class Ending extends Plugin {
  private readonly late: Late = new Late(this);
  name: string = "";
  isPending: bool = false;
  isDeleted: bool = false;

  override onConfigure(configuration: Configuration): bool {
    this.name = configuration.text();
    return true;
  }

  override createHttpFilter(): HttpFilter | null {
    return new Stream(this);
  }

  override onDone(): bool {
    asked.increment();
    this.isPending = this.name == "late";
    if (this.isPending) this.late.every(5);
    return !this.isPending;
  }

  override onDelete(): void {
    this.isDeleted = true;
    deleted.increment();
  }
}
registerPlugin<Ending>("ending");
