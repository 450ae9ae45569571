// A plugin that tells of its life, its timers and what it logs; the configuration says which part.
import {
  AccessLog,
  Action,
  Configuration,
  HttpFilter,
  LocalResponse,
  Plugin,
  RequestHeaders,
  Timer,
  VmConfiguration,
  continueRequest,
  log,
  registerPlugin,
} from "as-proxy-wasm";

class Count extends Timer {
  calls: i32 = 0;

  override onTimer(): void {
    this.calls++;
  }
}

/** Stops itself with the third beat, and starts anew what was stopped. */
class Finite extends Timer {
  left: i32 = 3;

  override onTimer(): void {
    if (--this.left == 0) this.cancel();
    log.info("finite " + this.left.toString() + " " + this.running.toString());
  }
}

/** Goes on with a request that was stopped. */
class Delay extends Timer {
  constructor(private readonly filter: Life) {
    super();
  }

  override onTimer(): void {
    log.info("delayed " + this.filter.path);
    continueRequest();
  }
}

/** Is started by a request that is answered at once. */
class Orphan extends Timer {
  constructor(private readonly plugin: LifePlugin) {
    super();
  }

  override onTimer(): void {
    this.plugin.orphans++;
  }
}

class Life extends HttpFilter {
  path: string = "";

  constructor(private readonly plugin: LifePlugin) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    this.path = headers.get(":path")!;
    if (this.path.startsWith("/delay")) {
      new Delay(this).once(30);
      return Action.StopAllIterationAndWatermark;
    }
    if (this.path == "/orphan") {
      const status = new Orphan(this.plugin).once(20);
      return new LocalResponse(200, status.toString()).send();
    }
    if (this.path == "/stop-ticks") {
      return new LocalResponse(200, this.plugin.setTickPeriod(0).toString()).send();
    }
    if (this.path == "/zero") {
      return new LocalResponse(200, new Orphan(this.plugin).every(0).toString()).send();
    }
    if (this.path == "/calls") return new LocalResponse(200, this.plugin.calls()).send();
    return Action.Continue;
  }
}

class LifePlugin extends Plugin {
  private readonly beat: Count = new Count();
  private readonly slowBeat: Count = new Count();
  private readonly single: Count = new Count();
  private readonly never: Count = new Count();
  private readonly finite: Timer = new Finite();
  private name: string = "";
  private ticks: i32 = 0;
  orphans: i32 = 0;

  constructor() {
    super();
    // Legal here too: the plugin's root context is the one that is being created.
    this.slowBeat.every(40);
  }

  override onStart(vm: VmConfiguration): bool {
    log.info("start " + vm.text() + " " + vm.bytes().length.toString() + " " + vm.size.toString());
    return vm.text() != "refuse";
  }

  override onConfigure(configuration: Configuration): bool {
    this.name = configuration.text();
    log.info("configure " + this.name);
    if (this.name == "quiet") {
      this.slowBeat.cancel();
      return true;
    }
    this.single.once(5);
    this.never.once(20);
    this.beat.every(10);
    this.finite.every(7);
    this.setTickPeriod(15);
    this.never.cancel();
    return true;
  }

  override createHttpFilter(): HttpFilter | null {
    return new Life(this);
  }

  override onTick(): void {
    this.ticks++;
  }

  calls(): string {
    return `{"beat":${this.beat.calls},"slow":${this.slowBeat.calls},"single":${this.single.calls},"cancelled":${this.never.calls},"ticks":${this.ticks},"orphans":${this.orphans}}`;
  }

  override onDone(): bool {
    log.info("done " + this.name + " " + this.done().toString());
    return true;
  }

  override onDelete(): void {
    log.info("delete " + this.name);
  }

  override onAccessLog(entry: AccessLog): void {
    log.info(
      "access " + entry.requestHeaders.get(":path")! + " " + entry.responseHeaders.get(":status")!,
    );
  }
}
registerPlugin<LifePlugin>("life");
