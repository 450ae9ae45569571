// The values of enums that no other filter of the tests has: levels of the log, directions of listeners,
// and what a property can be declared as.
import {
  Action,
  Configuration,
  HttpFilter,
  ListenerDirection,
  LogLevel,
  Plugin,
  RequestHeaders,
  foreign,
  log,
  properties,
  registerPlugin,
} from "as-proxy-wasm";

function direction(): string {
  switch (properties.xds.listenerDirection()) {
    case ListenerDirection.Unspecified:
      return "unspecified";
    case ListenerDirection.Inbound:
      return "inbound";
    case ListenerDirection.Outbound:
      return "outbound";
  }
  return "another";
}

function levels(): string {
  const levels = [
    LogLevel.Trace,
    LogLevel.Debug,
    LogLevel.Info,
    LogLevel.Warn,
    LogLevel.Error,
    LogLevel.Critical,
  ];
  let enabled = "";
  for (let i = 0; i < levels.length; i++) enabled += log.enabled(levels[i]) ? "1" : "0";
  log.trace("trace");
  log.debug("debug");
  log.info("info");
  log.warn("warn");
  log.error("error");
  log.critical("critical");
  return enabled;
}

class Values extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    log.info("direction " + direction());
    if (headers.get(":path") == "/levels") log.info("enabled " + levels());
    if (headers.get(":path") == "/set") {
      const names = ["bytes", "string", "flatbuffers", "protobuf", "request", "undeclared"];
      for (let i = 0; i < names.length; i++) {
        const status = properties.setBytes(names[i], message());
        log.info("set " + names[i] + " " + status.toString());
      }
    }
    return Action.Continue;
  }
}

/** A google.protobuf.StringValue of `x`. */
function message(): Uint8Array {
  const bytes = new Uint8Array(3);
  bytes[0] = 0x0a;
  bytes[1] = 1;
  bytes[2] = 0x78;
  return bytes;
}

class ValuesPlugin extends Plugin {
  override onConfigure(configuration: Configuration): bool {
    this.declare("bytes", foreign.PropertyType.Bytes);
    this.declare("string", foreign.PropertyType.String);
    this.declare("flatbuffers", foreign.PropertyType.FlatBuffers);
    const type = "type.googleapis.com/google.protobuf.StringValue";
    this.declare("protobuf", foreign.PropertyType.Protobuf, type);
    this.declare("request", foreign.PropertyType.String, "", foreign.LifeSpan.DownstreamRequest);
    return true;
  }

  private declare(
    name: string,
    type: foreign.PropertyType,
    schema: string = "",
    span: foreign.LifeSpan = foreign.LifeSpan.FilterChain,
  ): void {
    const declaration = new foreign.PropertyDeclaration();
    declaration.type = type;
    declaration.span = span;
    declaration.schema = Uint8Array.wrap(String.UTF8.encode(schema));
    log.info("declare " + name + " " + foreign.declareProperty(name, declaration).toString());
  }

  override createHttpFilter(): HttpFilter | null {
    return new Values();
  }
}
registerPlugin<ValuesPlugin>("values");
