// Replaces whole header maps, also with what must be refused; tells what came of it as `x-told`.
import {
  Action,
  Header,
  HeaderBytes,
  HttpFilter,
  RequestHeaders,
  ResponseHeaders,
  Status,
  registerHttpFilter,
} from "as-proxy-wasm";

/** `count` headers whose names and values are `size` bytes together. */
function many(count: i32, size: i32): Header[] {
  const entries: Header[] = [];
  for (let i = 0; i < count; i++) {
    const name = "n" + i.toString();
    entries.push(new Header(name, "v".repeat(size - name.length)));
  }
  return entries;
}

class SetAll extends HttpFilter {
  path: string = "";
  told: string[] = [];

  override onRequestHeaders(headers: RequestHeaders): Action {
    this.path = headers.get(":path")!;
    const original = headers.entries();
    const told = this.told;
    if (this.path == "/limits") {
      const size = headers.byteSize();
      const breaks = ["\r\n", "\r", "\n", "\0"];
      for (let i = 0; i < breaks.length; i++) {
        told.push(headers.setAll([new Header("x-bad", "1" + breaks[i] + "x-evil: 1")]).toString());
        told.push(headers.setAll([new Header("x" + breaks[i] + "y", "1")]).toString());
      }
      told.push(headers.setAll([new Header("", "1")]).toString());
      told.push(headers.setAll(many(1025, 10)).toString());
      // 4 bytes, and 10 beside each name and value, make one byte more than 1 MiB.
      told.push(headers.setAll(many(3, (1024 * 1024 - 4 - 30) / 3 + 1)).toString());
      told.push((headers.byteSize() == size).toString());
      told.push(headers.setAll(many(1024, 10)).toString());
      told.push(headers.entries().length.toString());
      told.push(headers.setAll(many(3, (1024 * 1024 - 4 - 30) / 3)).toString());
      told.push(headers.byteSize().toString());
      told.push(headers.setAll([]).toString());
      told.push(headers.entries().length.toString());
      headers.setAll(original);
    } else if (this.path == "/same") {
      headers.setAll(original);
    } else if (this.path == "/bytes") {
      const entries = headers.entriesBytes();
      const value = Uint8Array.wrap(String.UTF8.encode("a\nb"));
      told.push(headers.setAllBytes([new HeaderBytes("x-bad", value)]).toString());
      value[1] = 0xff;
      entries.push(new HeaderBytes("x-made", value));
      told.push(headers.setAllBytes(entries).toString());
    } else if (this.path == "/new") {
      const entries: Header[] = [];
      for (let i = 0; i < original.length; i++) {
        const name = original[i].name;
        if (name.startsWith(":") || name == "x-forwarded-proto") entries.push(original[i]);
      }
      entries.push(new Header("X-Twice", "one"));
      entries.push(new Header("x-empty", ""));
      entries.push(new Header("x-twice", "ünïcödé"));
      headers.setAll(entries);
    } else if (this.path == "/empty-request") {
      headers.setAll([]);
    } else if (this.path.startsWith("/without")) {
      const left: Header[] = [];
      for (let i = 0; i < original.length; i++) {
        if (original[i].name != this.path.substring(8)) left.push(original[i]);
      }
      headers.setAll(left);
    }
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    if (this.path == "/empty-response") {
      headers.setAll([]);
      return Action.Continue;
    }
    if (this.path == "/new") {
      const status = headers.get(":status")!;
      headers.setAll([
        new Header(":status", status),
        new Header("x-twice", "1"),
        new Header("x-twice", "2"),
      ]);
    }
    if (headers.setAll([new Header("x-bad", "\n")]) == Status.BadArgument) {
      headers.set("x-told", this.told.join(","));
    }
    return Action.Continue;
  }
}
registerHttpFilter<SetAll>("set-all");
