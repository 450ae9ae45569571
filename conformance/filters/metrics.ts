// Every kind of metric, told by the path what to do.
import {
  Action,
  BatchedCounter,
  Counter,
  Gauge,
  Histogram,
  HttpFilter,
  LocalResponse,
  MetricName,
  RequestHeaders,
  Status,
  registerHttpFilter,
} from "as-proxy-wasm";

const counter = new Counter("kinds_counter");
const gauge = new Gauge("kinds_gauge");
const histogram = new Histogram("kinds_histogram");
const tagged = new Counter(
  new MetricName("kinds_tagged").tag("reason", "a.b c").tag("code", "200").toString(),
);
const batched = new BatchedCounter("kinds_batched");
const batchedToo = new BatchedCounter("kinds_batched_too");

function run(path: string): string {
  if (path == "/count") return counter.increment(5).toString();
  if (path == "/count-zero") return counter.increment(0).toString();
  if (path == "/counted") return counter.value().toString();
  if (path == "/gauge-set") return gauge.set(40).toString();
  if (path == "/gauge-add") return gauge.add(5).toString() + " " + gauge.add(-3).toString();
  if (path == "/gauge") return gauge.value().toString();
  if (path == "/record") return histogram.record(7).toString();
  if (path == "/tagged") return tagged.increment().toString();
  if (path == "/batch") {
    batched.increment();
    batched.increment(0);
    batchedToo.increment(2);
    return Status.Ok.toString();
  }
  if (path == "/flush") {
    batched.increment(100);
    const status = batched.flush();
    // Once more, while it still waits in the list of those to flush.
    batched.increment(1000);
    return status.toString();
  }
  return "?";
}

class Metrics extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    return new LocalResponse(200, run(headers.get(":path")!)).send();
  }
}
registerHttpFilter<Metrics>("metrics");
