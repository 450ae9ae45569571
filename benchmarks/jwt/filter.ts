// Verifies a token (HS256) and tells the upstream whose it is; its twin is benchmarks/std-rust.
import {
  Action,
  Configuration,
  Hs256Key,
  HttpFilter,
  Json,
  JwtVerifier,
  LocalResponse,
  Plugin,
  RequestHeaders,
  currentTimeNanoseconds,
  registerPlugin,
} from "as-proxy-wasm";

class Verifiers extends Plugin {
  readonly verifier: JwtVerifier = new JwtVerifier();

  override onConfigure(configuration: Configuration): bool {
    const config = Json.parse(configuration.text());
    const key = Hs256Key.fromText(config.string("secret", ""));
    if (!key) return false;
    this.verifier.keys = [key];
    this.verifier.issuer = config.string("issuer", "");
    this.verifier.audiences = [config.string("audience", "")];
    return config.error === null;
  }

  override createHttpFilter(): HttpFilter {
    return new Verifying(this);
  }
}

class Verifying extends HttpFilter {
  constructor(private readonly plugin: Verifiers) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const value = headers.getBytes("authorization");
    if (value !== null && value.length > 7) {
      const token = value.subarray(7);
      const claims = this.plugin.verifier.verifyBytes(token, currentTimeNanoseconds()).claims;
      if (claims) {
        headers.set("x-subject", claims.string("sub", ""));
        return Action.Continue;
      }
    }
    return new LocalResponse(401, "unauthorized\n").send();
  }
}

registerPlugin<Verifiers>("jwt");
