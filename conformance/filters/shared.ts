// Shared data and queues: counts up in turns with other workers and VMs, and passes messages on.
import {
  Action,
  Configuration,
  Counter,
  HttpFilter,
  LocalResponse,
  Plugin,
  RequestHeaders,
  SharedBytesUpdate,
  SharedQueue,
  SharedTextUpdate,
  log,
  registerPlugin,
  sharedData,
} from "as-proxy-wasm";

const messages = new Counter("shared_messages");

class CountUp extends SharedTextUpdate {
  tries: i32 = 0;

  override update(current: string | null): string | null {
    this.tries++;
    return current === null ? "1" : (I64.parseInt(current) + 1).toString();
  }
}

/** Appends a byte, and is disturbed by another writer the first time. */
class Append extends SharedBytesUpdate {
  tries: i32 = 0;

  override update(current: Uint8Array | null): Uint8Array | null {
    const length = current === null ? 0 : current.length;
    const next = new Uint8Array(length + 1);
    if (current !== null) memory.copy(next.dataStart, current.dataStart, length);
    next[length] = 0xff;
    if (this.tries++ == 0) sharedData.setBytes("bytes", next);
    return next;
  }
}

class Leave extends SharedTextUpdate {
  override update(current: string | null): string | null {
    return null;
  }
}

/** Takes what comes, and logs it. */
class Jobs extends SharedQueue {
  override onQueueReady(): void {
    let job = this.dequeueBytes();
    while (job !== null) {
      log.info("job " + String.UTF8.decode(job.buffer));
      messages.increment();
      job = this.dequeueBytes();
    }
  }
}

/** What each line of the answer stands for is in the test. */
function data(): string[] {
  const out: string[] = [];
  const absent = sharedData.get("absent");
  out.push(absent === null ? "null" : absent.value);
  out.push(sharedData.set("empty", "").toString());
  const empty = sharedData.get("empty");
  out.push(empty === null ? "null" : "'" + empty.value + "'");
  const key = "ключ\0";
  out.push(sharedData.add(key, "wert").toString());
  out.push(sharedData.add(key, "zu spät").toString());
  const value = sharedData.get(key)!;
  out.push(value.value + " " + (value.cas != 0).toString());
  out.push(sharedData.setIf(key, "neu", value.cas).toString());
  out.push(sharedData.setIf(key, "alt", value.cas).toString());
  out.push(sharedData.setIf(key, "null", 0).toString());
  out.push(sharedData.get(key)!.value);
  const append = new Append();
  out.push(sharedData.updateBytes("bytes", append).toString() + " " + append.tries.toString());
  const bytes = sharedData.getBytes("bytes")!.value;
  out.push(bytes.length.toString() + " " + bytes[0].toString() + " " + bytes[1].toString());
  out.push(sharedData.update("untouched", new Leave()).toString());
  out.push((sharedData.get("untouched") === null).toString());
  out.push(sharedData.addBytes("raw", new Uint8Array(3)).toString());
  out.push(sharedData.setBytesIf("raw", new Uint8Array(0), u32.MAX_VALUE - 1).toString());
  return out;
}

class Shared extends HttpFilter {
  constructor(private readonly plugin: SharedPlugin) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path")!;
    let body = "?";
    if (path == "/data") body = data().join("\n");
    if (path == "/count") {
      const count = new CountUp();
      body = sharedData.update("count", count).toString() + " " + count.tries.toString();
    }
    if (path == "/counted") body = sharedData.get("count")!.value;
    if (path.startsWith("/send/")) {
      const queue = new SharedQueue();
      const found = queue.resolve(headers.get("x-vm")!, "jobs");
      body = found.toString() + " " + queue.enqueue(path.substring(6)).toString();
    }
    if (path == "/nowhere") {
      const queue = new SharedQueue();
      body = queue.resolve("", "nowhere").toString() + " " + queue.enqueue("x").toString();
      body += " " + (queue.dequeue() === null).toString();
    }
    if (path == "/own") {
      const queue = new SharedQueue();
      body = queue.register("own").toString() + " " + (queue.dequeue() === null).toString();
      queue.enqueue("");
      queue.enqueueBytes(new Uint8Array(1));
      body += " '" + queue.dequeue()! + "' " + queue.dequeueBytes()!.length.toString();
    }
    return new LocalResponse(200, body).send();
  }
}

class SharedPlugin extends Plugin {
  private readonly jobs: Jobs = new Jobs();

  override onConfigure(configuration: Configuration): bool {
    if (configuration.text() == "consumer") this.jobs.register("jobs");
    return true;
  }

  override createHttpFilter(): HttpFilter | null {
    return new Shared(this);
  }
}
registerPlugin<SharedPlugin>("shared");
