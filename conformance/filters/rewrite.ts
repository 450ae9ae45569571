// Reads every header by the SDK and writes it back, in both directions, byte for byte; tells its
// own memory size in pages of 64 KiB in the response.
import {
  Action,
  HttpFilter,
  RequestHeaders,
  ResponseHeaders,
  Status,
  registerHttpFilter,
} from "as-proxy-wasm";

class Copied {
  names: string[] = [];
  values: Uint8Array[] = [];
  failures: i32 = 0;
}

function copy(name: string, value: Uint8Array, copied: Copied): void {
  copied.names.push(name);
  copied.values.push(value);
}

class Rewrite extends HttpFilter {
  requestFailures: i32 = 0;

  override onRequestHeaders(headers: RequestHeaders): Action {
    const copied = new Copied();
    headers.forEachBytes<Copied>(copy, copied);
    for (let i = 0; i < copied.names.length; i++) {
      if (!copied.names[i].startsWith(":")) headers.remove(copied.names[i]);
    }
    for (let i = 0; i < copied.names.length; i++) {
      const name = copied.names[i];
      const status = name.startsWith(":")
        ? headers.setBytes(name, copied.values[i])
        : headers.addBytes(name, copied.values[i]);
      if (status != Status.Ok) this.requestFailures++;
    }
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    const copied = new Copied();
    headers.forEachBytes<Copied>(copy, copied);
    let failures = this.requestFailures;
    for (let i = 0; i < copied.names.length; i++) {
      if (!copied.names[i].startsWith(":")) headers.remove(copied.names[i]);
    }
    for (let i = 0; i < copied.names.length; i++) {
      const name = copied.names[i];
      if (name.startsWith(":")) continue;
      if (headers.addBytes(name, copied.values[i]) != Status.Ok) failures++;
    }
    headers.set("x-failures", failures.toString());
    headers.set("x-memory-pages", memory.size().toString());
    return Action.Continue;
  }
}
registerHttpFilter<Rewrite>("rewrite");
