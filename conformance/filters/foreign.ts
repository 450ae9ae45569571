// Calls every foreign function of Envoy's, and logs what came of it as `NAME ...`.
import {
  Action,
  Configuration,
  HttpFilter,
  Json,
  NetworkAction,
  Plugin,
  RequestHeaders,
  TcpFilter,
  foreign,
  log,
  properties,
  registerPlugin,
  registerTcpFilter,
  utf8Decode,
  utf8Encode,
} from "as-proxy-wasm";
import { base64Decode, base64Encode } from "as-proxy-wasm/assembly/std/base64";

const HASHES: foreign.HashFunction[] = [
  foreign.HashFunction.Sha1,
  foreign.HashFunction.Sha224,
  foreign.HashFunction.Sha256,
  foreign.HashFunction.Sha384,
  foreign.HashFunction.Sha512,
];

function shown(bytes: Uint8Array | null): string {
  return bytes === null ? "null" : base64Encode(bytes);
}

function signatures(config: Json): void {
  const text = utf8Encode(config.string("text", ""));
  const cases = config.array("signatures");
  for (let i = 0; i < cases.length; i++) {
    const each = cases.at(i);
    const hash = HASHES[each.integer("hash", 0) as i32];
    const signature = base64Decode(each.string("signature", "")).value;
    const der = base64Decode(each.string("publicDer", "")).value;
    const pem = foreign.verifySignature(
      hash,
      foreign.PublicKey.fromPem(each.string("publicPem", "")),
      signature,
      text,
    );
    const key = foreign.PublicKey.fromDer(der);
    const byDer = foreign.verifySignature(hash, key, signature, text);
    const wrong = foreign.verifySignature(hash, key, signature, new Uint8Array(3));
    log.info("verify " + pem.ok.toString() + " " + byDer.ok.toString() + " " + wrong.ok.toString());
    if (i == 0) log.info("verify.wrong " + wrong.error);
    const made = foreign.sign(
      hash,
      foreign.PrivateKey.fromPem(each.string("privatePem", "")),
      text,
    );
    log.info("sign.pem " + shown(made.signature));
    const madeByDer = foreign.sign(
      hash,
      foreign.PrivateKey.fromDer(base64Decode(each.string("privateDer", "")).value),
      text,
    );
    log.info("sign.der " + shown(madeByDer.signature));
  }
  const nothing = new Uint8Array(0);
  const sha256 = foreign.HashFunction.Sha256;
  const noKey = foreign.verifySignature(sha256, foreign.PublicKey.fromPem("no key"), nothing, text);
  log.info("verify.nokey " + noKey.ok.toString() + " " + noKey.error);
  const unsigned = foreign.sign(sha256, foreign.PrivateKey.fromDer(nothing), nothing);
  log.info("sign.nokey " + unsigned.ok.toString() + " " + unsigned.error);
}

function compression(config: Json): void {
  const text = utf8Encode(config.string("text", ""));
  log.info("compress " + shown(foreign.compress(text)));
  log.info("compress.empty " + shown(foreign.compress(new Uint8Array(0))));
  const whole = foreign.uncompress(base64Decode(config.string("compressed", "")).value);
  log.info("uncompress " + (whole === null ? "null" : utf8Decode(whole)));
  log.info("uncompress.garbage " + shown(foreign.uncompress(text)));
  log.info("uncompress.empty " + shown(foreign.uncompress(new Uint8Array(0))));
}

function raw(): void {
  const unknown = foreign.callForeignFunction("no such function", new Uint8Array(2));
  log.info("unknown " + unknown.status.toString() + " " + unknown.bytes.length.toString());
  const nameless = foreign.callForeignFunction("");
  log.info("nameless " + nameless.status.toString());
  const known = foreign.callForeignFunction("compress", utf8Encode("raw"));
  log.info("raw " + known.status.toString() + " " + shown(known.bytes));
}

class Functions extends HttpFilter {
  constructor(private readonly plugin: Foreign) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path");
    const kept = properties.getText(["kept"]);
    log.info("kept " + (kept === null ? "-" : kept));
    if (path != "/") return Action.Continue;
    this.plugin.expressions();
    log.info("set.kept " + properties.set("kept", "kept").toString());
    log.info("set.text " + properties.set("text", "text").toString());
    log.info("set.once " + properties.set("once", "1").toString());
    log.info("set.once.again " + properties.set("once", "2").toString());
    log.info("clearRouteCache " + foreign.clearRouteCache().toString());
    const sni = "envoy.network.upstream_server_name";
    log.info("filterState " + foreign.setEnvoyFilterState(sni, "name").toString());
    log.info("filterState.set " + properties.filterState().has(sni).toString());
    log.info("filterState.no " + foreign.setEnvoyFilterState("no such object", "1").toString());
    return Action.Continue;
  }
}

class Foreign extends Plugin {
  method: foreign.Expression | null = null;
  port: foreign.Expression | null = null;
  path: foreign.Expression | null = null;
  half: foreign.Expression | null = null;
  absent: foreign.Expression | null = null;

  override onConfigure(configuration: Configuration): bool {
    const config = Json.parse(configuration.text());
    signatures(config);
    compression(config);
    raw();
    const declaration = new foreign.PropertyDeclaration();
    log.info("declare " + foreign.declareProperty("text", declaration).toString());
    log.info("declare.again " + foreign.declareProperty("text", declaration).toString());
    declaration.readonly = true;
    log.info("declare.once " + foreign.declareProperty("once", declaration).toString());
    const kept = new foreign.PropertyDeclaration();
    kept.span = foreign.LifeSpan.DownstreamConnection;
    log.info("declare.kept " + foreign.declareProperty("kept", kept).toString());
    log.info("configure.clearRouteCache " + foreign.clearRouteCache().toString());
    const sni = "envoy.network.upstream_server_name";
    log.info("configure.filterState " + foreign.setEnvoyFilterState(sni, "a").toString());
    this.method = foreign.Expression.compile("request.method == 'GET' && source.port > 1024");
    this.port = foreign.Expression.compile("source.port");
    this.path = foreign.Expression.compile("request.path + '!'");
    this.half = foreign.Expression.compile("1.0 / 2.0");
    this.absent = foreign.Expression.compile("request.headers['x-none']");
    log.info("expression.bad " + (foreign.Expression.compile("1 +") === null).toString());
    log.info("expression.empty " + (foreign.Expression.compile("") === null).toString());
    return config.error === null;
  }

  expressions(): void {
    const method = this.method;
    const port = this.port;
    const path = this.path;
    const half = this.half;
    const absent = this.absent;
    if (!method || !port || !path || !half || !absent) return log.info("no parser");
    log.info("expression.bool " + method.bool().toString());
    log.info("expression.integer " + (port.integer() == properties.source.port()).toString());
    log.info("expression.text " + path.text()!);
    log.info("expression.double " + half.double().toString());
    log.info("expression.bytes " + shown(half.bytes()));
    log.info("expression.absent " + (absent.text() === null).toString());
    log.info("expression.delete " + half.delete().toString());
    log.info("expression.deleted " + half.double(-1).toString());
  }

  override createHttpFilter(): HttpFilter | null {
    return new Functions(this);
  }
}
registerPlugin<Foreign>("http");

class Steer extends TcpFilter {
  override onNewConnection(): NetworkAction {
    foreign.setEnvoyFilterState("envoy.tcp_proxy.cluster", "other");
    return NetworkAction.Continue;
  }
}
registerTcpFilter<Steer>("tcp");
