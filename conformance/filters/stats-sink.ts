// Takes Envoy's statistics, and logs those that a test has asked for.
import {
  Action,
  Counter,
  Gauge,
  HttpFilter,
  Plugin,
  RequestHeaders,
  StatsSnapshot,
  log,
  registerPlugin,
} from "as-proxy-wasm";

const requests = new Counter("sink_requests_with_a_name_of_its_own");
const level = new Gauge("sink_level");

class Count extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    requests.increment(3);
    level.set(<i64>7);
    return Action.Continue;
  }
}

let kept: StatsSnapshot | null = null;

class Sink extends Plugin {
  override onStats(stats: StatsSnapshot): void {
    const before = kept;
    if (before !== null && before.counters().length + before.gauges().length != 0) {
      log.error("a snapshot outlives its callback");
    }
    kept = stats;
    const counters = stats.counters();
    for (let i = 0; i < counters.length; i++) {
      const counter = counters[i];
      log.info(
        "counter " + counter.name + " " + counter.value.toString() + " " + counter.delta.toString(),
      );
    }
    const gauges = stats.gauges();
    for (let i = 0; i < gauges.length; i++) {
      log.info("gauge " + gauges[i].name + " " + gauges[i].value.toString());
    }
    log.info("flushed " + counters.length.toString() + " " + gauges.length.toString());
  }

  override createHttpFilter(): HttpFilter {
    return new Count();
  }
}
registerPlugin<Sink>("sink");
