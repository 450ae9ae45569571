// A plugin that Envoy runs without a filter (`envoy.bootstrap.wasm`): it ticks, and takes what
// filters of other VMs put into its queue.
import {
  Action,
  Configuration,
  HttpFilter,
  LocalResponse,
  Plugin,
  RequestHeaders,
  SharedQueue,
  Status,
  VmConfiguration,
  log,
  registerPlugin,
} from "as-proxy-wasm";

class Jobs extends SharedQueue {
  override onQueueReady(): void {
    let job = this.dequeue();
    while (job !== null) {
      log.info("job " + job);
      job = this.dequeue();
    }
  }
}

class Service extends Plugin {
  private readonly jobs: Jobs = new Jobs();
  private ticks: i32 = 0;

  override onStart(vm: VmConfiguration): bool {
    log.info("started with " + vm.text());
    return true;
  }

  override onConfigure(configuration: Configuration): bool {
    log.info("configured with " + configuration.text());
    return this.setTickPeriod(20) == Status.Ok && this.jobs.register("jobs") == Status.Ok;
  }

  override onTick(): void {
    if (++this.ticks == 3) log.info("third tick");
  }

  override onDone(): bool {
    log.info("done");
    return true;
  }
}
registerPlugin<Service>("service");

class Sender extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    const queue = new SharedQueue();
    const found = queue.resolve("service-vm", "jobs");
    if (found != Status.Ok) return new LocalResponse(503, found.toString()).send();
    const sent = queue.enqueue(headers.get(":path")!);
    return new LocalResponse(200, sent.toString()).send();
  }
}

class Senders extends Plugin {
  override createHttpFilter(): HttpFilter | null {
    return new Sender();
  }
}
registerPlugin<Senders>("sender");
