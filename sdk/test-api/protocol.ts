// What a filter filters: HTTP streams or TCP connections. A test that mixes them up is told.
import { ToolError } from "../errors.ts";
import type { FilterOptions, Protocol } from "./options.ts";

const HTTP = /^proxy_on_(?:request|response)_(?:headers|body|trailers|metadata)$/;
const TCP =
  /^proxy_on_(?:new_connection|(?:downstream|upstream)_data|(?:downstream|upstream)_connection_close)$/;

const NAMES: Readonly<Record<Protocol, string>> = { http: "HTTP", tcp: "TCP" };

/** What a filter is sent, by protocol, and what its options have for it. */
const CALLS: Readonly<Record<Protocol, string>> = {
  http: "filter.request() or filter.open()",
  tcp: "filter.connect()",
};

/**
 * What a module with these exports filters: what the test's options say; without that TCP where there are
 * callbacks of connections and none of HTTP. Throws ERR_USAGE for options that do not fit the module, or
 * one another.
 */
export function protocolOf(exports: readonly string[], options: FilterOptions): Protocol {
  const has = {
    http: exports.some((name) => HTTP.test(name)),
    tcp: exports.some((name) => TCP.test(name)),
  };
  const protocol = options.protocol ?? (has.tcp && !has.http ? "tcp" : "http");
  // Tests are not always compiled.
  if (!Object.hasOwn(NAMES, protocol)) {
    throw new ToolError("ERR_USAGE", `there is no protocol ${JSON.stringify(protocol)}`, {
      hint: 'Say "http" or "tcp", or nothing: what the filter overrides says it, too.',
    });
  }
  const other = protocol === "tcp" ? "http" : "tcp";
  if (has[other] && !has[protocol]) {
    throw new ToolError(
      "ERR_USAGE",
      `the filter has callbacks of ${NAMES[other]} and none of ${NAMES[protocol]}`,
      { hint: `Load it without \`protocol\`, or as "${other}".` },
    );
  }
  const misplaced = protocol === "tcp" ? "upstream" : "tcpUpstream";
  if (options[misplaced] !== undefined) {
    throw new ToolError(
      "ERR_USAGE",
      `\`${misplaced}\` says how a server of ${NAMES[other]} behaves, and the filter is loaded for ${NAMES[protocol]}`,
      { hint: `Give \`${protocol === "tcp" ? "tcpUpstream" : "upstream"}\` in its place.` },
    );
  }
  return protocol;
}

/** Throws ERR_USAGE for traffic of `wanted` to a filter that is loaded for the other protocol. */
export function checkProtocol(loaded: Protocol, wanted: Protocol): void {
  if (loaded === wanted) return;
  throw new ToolError(
    "ERR_USAGE",
    `the filter is loaded for ${NAMES[loaded]}, and not for ${NAMES[wanted]}`,
    {
      hint: `Send it something by ${CALLS[loaded]}; if the module has a filter of ${NAMES[wanted]} too, load that with { protocol: "${wanted}" }.`,
    },
  );
}
