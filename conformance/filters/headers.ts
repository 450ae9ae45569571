// Every way to read and write headers once, told in response headers as `x-<what>`.
import {
  Action,
  Header,
  HttpFilter,
  LogLevel,
  RequestHeaders,
  ResponseHeaders,
  log,
  registerHttpFilter,
} from "as-proxy-wasm";

function show(value: string | null): string {
  return value === null ? "absent" : "'" + value + "'";
}

function hex(bytes: Uint8Array | null): string {
  if (bytes === null) return "absent";
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += (<u32>bytes[i] + 0x100).toString(16).substring(1);
  return text;
}

class Seen {
  text: string = "";
}

class Headers extends HttpFilter {
  seen: string[] = [];

  override onRequestHeaders(headers: RequestHeaders): Action {
    const told = this.seen;
    told.push("end-of-stream=" + headers.endOfStream.toString());
    told.push("absent=" + show(headers.get("x-none")));
    told.push("empty=" + show(headers.get("x-empty")));
    told.push("first=" + show(headers.get("x-twice")));
    told.push("any-case=" + show(headers.get("X-TwIcE")));
    told.push("all=" + headers.getAll("X-Twice").join("|"));
    told.push("all-of-none=" + headers.getAll("x-none").length.toString());
    told.push("bytes=" + hex(headers.getBytes("x-bytes")));
    told.push("no-bytes=" + hex(headers.getBytes("x-none")));
    const all = headers.getAllBytes("x-bytes");
    told.push("all-bytes=" + all.length.toString() + ":" + hex(all[0]));
    told.push(
      "has=" + [headers.has("x-empty"), headers.has("x-twice"), headers.has("x-none")].join("|"),
    );
    told.push("undecodable=" + encodeURIComponent(headers.get("x-bytes")!));
    const seen = new Seen();
    headers.forEach<Seen>((name, value, to) => {
      if (name.startsWith("x-t")) to.text += name + "=" + value + ";";
    }, seen);
    told.push("each=" + seen.text);
    const entries: Header[] = headers.entries();
    told.push("entry=" + entries[0].name.at(0));
    const snapshot = headers.snapshot();
    headers.set("x-set", "old");
    headers.set("x-set", "ünïcödé 😀");
    headers.add("x-added", "1");
    headers.add("x-added", "2");
    headers.remove("x-twice");
    told.push("read-back=" + encodeURIComponent(headers.get("x-set")!));
    told.push("removed=" + show(headers.get("x-twice")));
    // What was there before all of these changes.
    told.push("then-length=" + (snapshot.length == entries.length).toString());
    told.push("then-set=" + show(snapshot.get("x-set")));
    told.push("then-first=" + show(snapshot.get("X-Twice")));
    told.push("then-all=" + snapshot.getAll("x-twice").join("|"));
    told.push("then-empty=" + show(snapshot.get("x-empty")) + snapshot.has("x-empty").toString());
    told.push("then-bytes=" + hex(snapshot.getBytes("x-bytes")));
    told.push("then-no-bytes=" + hex(snapshot.getBytes("x-none")));
    told.push("then-all-bytes=" + hex(snapshot.getAllBytes("X-Bytes")[0]));
    told.push("then-last=" + snapshot.entries()[snapshot.length - 1].name);
    const long = "long-".repeat(2000);
    headers.set("x-long", long);
    told.push("long=" + (headers.get("x-long") == long).toString());
    headers.remove("x-long");
    told.push("enabled=" + [log.enabled(LogLevel.Debug), log.enabled(LogLevel.Info)].join("|"));
    log.debug("quiet");
    log.info("several\nlines, ünïcödé");
    log.warn("");
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    this.seen.push("status=" + show(headers.get(":status")));
    for (let i = 0; i < this.seen.length; i++) {
      const at = this.seen[i].indexOf("=");
      headers.set("x-" + this.seen[i].substring(0, at), this.seen[i].substring(at + 1));
    }
    return Action.Continue;
  }
}
registerHttpFilter<Headers>("headers");
