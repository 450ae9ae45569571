// Time, environment and random bytes, as lines of text; and what is left where all is forbidden.
import {
  Action,
  BatchedCounter,
  Configuration,
  Counter,
  Gauge,
  Histogram,
  HttpFilter,
  LocalResponse,
  Plugin,
  RequestHeaders,
  SharedQueue,
  Timer,
  currentTimeMilliseconds,
  currentTimeNanoseconds,
  environment,
  fillRandom,
  monotonicNanoseconds,
  randomBytes,
  randomUuid,
  registerPlugin,
  sharedData,
} from "as-proxy-wasm";

const batched = new BatchedCounter("system_batched");
const counter = new Counter("system_counter");
const gauge = new Gauge("system_gauge");
const histogram = new Histogram("system_histogram");

class Never extends Timer {
  override onTimer(): void {}
}

function quoted(text: string | null): string {
  return text === null ? "null" : "'" + text + "'";
}

/** How many different bytes there are. */
function variety(bytes: Uint8Array): i32 {
  const seen = new StaticArray<bool>(256);
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (!seen[bytes[i]]) count++;
    seen[bytes[i]] = true;
  }
  return count;
}

class System extends HttpFilter {
  constructor(private readonly plugin: SystemPlugin) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const out: string[] = [];
    if (headers.get(":path") == "/system") this.works(out);
    else this.survives(out);
    return new LocalResponse(200, out.join("\n")).send();
  }

  private works(out: string[]): void {
    const start = monotonicNanoseconds();
    out.push((currentTimeNanoseconds() / 1_000_000).toString());
    out.push(currentTimeMilliseconds().toString());
    out.push((start != 0 && monotonicNanoseconds() >= start).toString());
    out.push(quoted(environment.get("PLAIN")));
    out.push(quoted(environment.get("EMPTY")));
    out.push(quoted(environment.get("PLAI")));
    out.push(quoted(environment.get("")));
    out.push(quoted(environment.get("WITH=EQUALS")));
    out.push(quoted(environment.get("ÜNÏ")));
    out.push(environment.names().sort().join(","));
    out.push(environment.getBytes("PLAIN")!.length.toString());
    const large = randomBytes(200_000);
    out.push(large === null ? "null" : variety(large.subarray(199_000)).toString());
    out.push(fillRandom(new Uint8Array(0)).toString());
    out.push(quoted(this.plugin.fromConfigure));
    for (let i = 0; i < 50; i++) out.push(quoted(randomUuid()));
  }

  private survives(out: string[]): void {
    out.push(currentTimeNanoseconds().toString() + " " + monotonicNanoseconds().toString());
    out.push(quoted(environment.get("PLAIN")) + environment.names().length.toString());
    out.push((randomBytes(8) === null && randomUuid() === null).toString());
    out.push(new Never().every(1000).toString() + " " + this.plugin.setTickPeriod(5).toString());
    out.push((sharedData.get("x") === null).toString() + " " + sharedData.set("x", "").toString());
    const queue = new SharedQueue();
    out.push(queue.register("x").toString() + " " + queue.resolve("", "x").toString());
    out.push(queue.enqueue("x").toString() + " " + (queue.dequeue() === null).toString());
    out.push(counter.increment().toString() + " " + counter.value().toString());
    out.push(
      gauge.set(1).toString() + " " + gauge.add(1).toString() + " " + gauge.value().toString(),
    );
    out.push(histogram.record(1).toString());
    batched.increment();
    out.push(batched.flush().toString() + " " + batched.value().toString());
    out.push(this.plugin.done().toString());
    out.push(quoted(this.plugin.fromConfigure));
  }
}

class SystemPlugin extends Plugin {
  fromConfigure: string | null = null;

  override onConfigure(configuration: Configuration): bool {
    this.fromConfigure = environment.get("PLAIN");
    return true;
  }

  override createHttpFilter(): HttpFilter | null {
    return new System(this);
  }
}
registerPlugin<SystemPlugin>("system");
