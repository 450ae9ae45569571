// Headers that Envoy keeps in one place each: where one is repeated, or added to, its values are joined
// by commas. All others stay apart. The lists are what Envoy 1.40.0 was seen to do, each name sent to it
// twice.

const BOTH =
  "cache-control connection content-encoding content-length content-type keep-alive proxy-connection " +
  "proxy-status transfer-encoding upgrade via x-envoy-decorator-operation x-request-id";

const REQUEST =
  "accept accept-encoding access-control-request-headers access-control-request-method " +
  "access-control-request-private-network authentication authorization expect grpc-accept-encoding " +
  "grpc-timeout if-match if-modified-since if-none-match if-range if-unmodified-since origin pragma " +
  "referer te user-agent x-client-trace-id x-envoy-downstream-service-cluster " +
  "x-envoy-downstream-service-node x-envoy-expected-rq-timeout-ms x-envoy-external-address " +
  "x-envoy-is-timeout-retry x-envoy-original-path x-forwarded-client-cert x-forwarded-for " +
  "x-forwarded-host x-forwarded-port x-forwarded-proto :authority :method :path :protocol :scheme";

const RESPONSE =
  "access-control-allow-credentials access-control-allow-headers access-control-allow-methods " +
  "access-control-allow-origin access-control-allow-private-network access-control-expose-headers " +
  "access-control-max-age age date etag expires grpc-message grpc-status last-modified location server " +
  "vary x-envoy-degraded x-envoy-immediate-health-check-fail x-envoy-ratelimited " +
  "x-envoy-upstream-canary x-envoy-upstream-healthchecked-cluster x-envoy-upstream-service-time :status";

const setOf = (...lists: readonly string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list.split(" ")));

export const INLINE_REQUEST_HEADERS = setOf(BOTH, REQUEST);
export const INLINE_RESPONSE_HEADERS = setOf(BOTH, RESPONSE);
/** Trailers that were seen to be joined: none but those of gRPC, in responses. */
export const INLINE_RESPONSE_TRAILERS = setOf("grpc-message grpc-status");
export const INLINE_REQUEST_TRAILERS: ReadonlySet<string> = new Set();
