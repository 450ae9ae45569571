// Verifies the token of each request by the keys of its configuration, and answers what came of it:
// the reason's number and text, or the claims' `iss`. `x-now` is the time in seconds.
import {
  Action,
  Configuration,
  HttpFilter,
  Json,
  JwkSet,
  JwtVerifier,
  LocalResponse,
  Plugin,
  PublicJwtKey,
  RequestHeaders,
  jwtKeysOf,
  log,
  registerPlugin,
} from "as-proxy-wasm";

class Verifying extends HttpFilter {
  constructor(private readonly plugin: Verifiers) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const token = headers.get("x-token");
    const now = headers.get("x-now");
    if (token === null || now === null) return Action.Continue;
    const result = this.plugin.verifier.verify(token, U64.parseInt(now) * 1_000_000_000);
    const claims = result.claims;
    const error = result.error;
    const text = claims ? "iss " + claims.string("iss", "") : error !== null ? error : "nothing";
    return new LocalResponse(200, result.reason.toString() + " " + text).send();
  }
}

class Verifiers extends Plugin {
  readonly verifier: JwtVerifier = new JwtVerifier();

  override onConfigure(configuration: Configuration): bool {
    const config = Json.parse(configuration.text());
    const set = JwkSet.parse(config.string("jwks", ""));
    this.verifier.keys = jwtKeysOf(set);
    for (let i = 0; i < set.skipped.length; i++) log.warn(set.skipped[i]);
    const pems = config.array("pems");
    for (let i = 0; i < pems.length; i++) {
      const one = pems.at(i);
      const algorithm = one.string("algorithm", "");
      const key = PublicJwtKey.fromPem(algorithm, one.string("pem", ""), one.string("kid", ""));
      if (key) this.verifier.keys.push(key);
      else log.warn("no key for " + algorithm);
    }
    return config.error === null && set.error === null;
  }

  override createHttpFilter(): HttpFilter {
    return new Verifying(this);
  }
}

registerPlugin<Verifiers>("jwt");
