import {
  Action,
  Configuration,
  HttpFilter,
  Json,
  LocalResponse,
  Plugin,
  RequestHeaders,
  constantTimeEqualBytes,
  log,
  registerPlugin,
  utf8Encode,
} from "as-proxy-wasm";

/** What all requests share: the configuration, e.g. `{"header": "x-api-key", "keys": ["s3cr3t"]}`. */
class ApiKeys extends Plugin {
  header: string = "";
  keys: Uint8Array[] = [];

  override onConfigure(configuration: Configuration): bool {
    const json = Json.parse(configuration.text());
    json.onlyKeys(["header", "keys"]);
    this.header = json.string("header", "x-api-key");
    if (this.header.length == 0) json.required("header").fail("must not be empty");
    const keys = json.array("keys");
    if (keys.length == 0) keys.fail("must hold at least one key");
    this.keys = [];
    for (let i = 0; i < keys.length; i++) {
      const key = keys.at(i).asString();
      if (key.length == 0) keys.at(i).fail("must not be empty");
      this.keys.push(utf8Encode(key));
    }
    const error = json.error;
    if (error !== null) log.error("api-key: configuration: " + error);
    return error === null;
  }

  override createHttpFilter(): HttpFilter {
    return new ApiKey(this);
  }

  /** Whether `candidate` is one of the keys, in a time that does not tell how close it was. */
  accepts(candidate: Uint8Array): bool {
    let accepted: bool = false;
    for (let i = 0; i < this.keys.length; i++) {
      // No `||`: it would leave out the comparisons after the first match.
      accepted = accepted | constantTimeEqualBytes(this.keys[i], candidate);
    }
    return accepted;
  }
}

class ApiKey extends HttpFilter {
  constructor(private readonly plugin: ApiKeys) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const key = headers.getBytes(this.plugin.header);
    if (key === null || !this.plugin.accepts(key)) {
      return new LocalResponse(401, "a valid API key is required\n")
        .header("www-authenticate", "ApiKey")
        .because("api_key_refused")
        .send();
    }
    // The upstream has no need of the secret.
    headers.remove(this.plugin.header);
    return Action.Continue;
  }
}

registerPlugin<ApiKeys>("api-key");
