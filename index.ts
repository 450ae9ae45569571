/// <reference path="./assembly/globals.d.ts" />

// The names that filters import: `import { HttpFilter, ... } from "as-proxy-wasm"`. Listed one by
// one, because `export *` breaks `import * as`. asc ignores package.json: this file is what the
// package's name resolves to.
export { LogLevel, Status } from "./assembly/abi/enums";
export { CalloutFailure, CalloutFailureReason } from "./assembly/callout/failure";
export { DnsAddress } from "./assembly/callout/dns-address";
export { DnsLookup } from "./assembly/callout/dns-lookup";
export { GrpcCall } from "./assembly/callout/grpc-call";
export { GrpcCode } from "./assembly/callout/grpc-code";
export { GrpcMessage } from "./assembly/callout/grpc-message";
export { GrpcRequest } from "./assembly/callout/grpc-request";
export { GrpcResult } from "./assembly/callout/grpc-result";
export { GrpcStream } from "./assembly/callout/grpc-stream";
export { CalloutHeaders } from "./assembly/callout/headers";
export { HttpCallout } from "./assembly/callout/http-callout";
export { CalloutRequest } from "./assembly/callout/request";
export { CalloutResponse } from "./assembly/callout/response";
export { Action, BodyAction, TrailersAction } from "./assembly/http/action";
export { Body, RequestBody, ResponseBody } from "./assembly/http/body";
export { BodyReplacer } from "./assembly/http/body-replacer";
export { HttpFilter } from "./assembly/http/filter";
export { Header, HeaderBytes } from "./assembly/http/header";
export { HeaderSnapshot } from "./assembly/http/header-snapshot";
export { RequestHeaders, ResponseHeaders } from "./assembly/http/headers";
export { LocalResponse } from "./assembly/http/local-response";
export {
  closeRequest,
  closeResponse,
  continueRequest,
  continueResponse,
} from "./assembly/http/stream";
export { RequestTrailers, ResponseTrailers } from "./assembly/http/trailers";
export { WholeBodyFilter } from "./assembly/http/whole-body-filter";
export { RouteConfiguration } from "./assembly/configuration/route-configuration";
export { log } from "./assembly/log/log";
export { BatchedCounter } from "./assembly/metrics/batched-counter";
export { Counter } from "./assembly/metrics/counter";
export { Gauge } from "./assembly/metrics/gauge";
export { Histogram } from "./assembly/metrics/histogram";
export { MetricName } from "./assembly/metrics/metric-name";
export { ClosePeer, NetworkAction } from "./assembly/network/action";
export { closeDownstream, closeUpstream, continueDownstream } from "./assembly/network/connection";
export { DownstreamData, UpstreamData } from "./assembly/network/data";
export { TcpFilter } from "./assembly/network/filter";
export { AccessLog } from "./assembly/plugin/access-log";
export { Configuration } from "./assembly/plugin/configuration";
export { Plugin } from "./assembly/plugin/plugin";
export { registerHttpFilter, registerPlugin, registerTcpFilter } from "./assembly/plugin/registry";
export { CounterSample, GaugeSample, StatsSnapshot } from "./assembly/plugin/stats-snapshot";
export { Timer } from "./assembly/plugin/timer";
export { VmConfiguration } from "./assembly/plugin/vm-configuration";
export { PublicJwtKey, jwtKeysOf } from "./assembly/foreign/jwt-key";
import * as foreign from "./assembly/foreign/index";
export { foreign };
import * as properties from "./assembly/properties/index";
export { properties };
export { FilterState } from "./assembly/properties/filter-state";
export { Metadata } from "./assembly/properties/metadata";
export { SpiffeId } from "./assembly/properties/spiffe-id";
export { ListenerDirection } from "./assembly/properties/xds";
export { SharedBytes, SharedText, sharedData } from "./assembly/shared/shared-data";
export { SharedQueue } from "./assembly/shared/shared-queue";
export { SharedBytesUpdate, SharedTextUpdate } from "./assembly/shared/update";
export {
  Base64Padding,
  base64Decode,
  base64DecodeBytes,
  base64DecodeText,
  base64Encode,
  base64EncodeBytes,
  base64EncodeText,
  base64UrlDecode,
  base64UrlDecodeBytes,
  base64UrlDecodeText,
  base64UrlEncode,
  base64UrlEncodeBytes,
  base64UrlEncodeText,
} from "./assembly/std/base64";
export { Cidr, CidrList, IpAddress } from "./assembly/std/cidr";
export { Cookie, Cookies } from "./assembly/std/cookies";
export { parseDuration } from "./assembly/std/duration";
export {
  constantTimeEqual,
  constantTimeEqualBytes,
  constantTimeIncludes,
} from "./assembly/std/equal";
export { Glob } from "./assembly/std/glob";
export { hexDecode, hexDecodeBytes, hexEncode, hexEncodeBytes } from "./assembly/std/hex";
export {
  HmacSha256,
  HmacSha384,
  HmacSha512,
  HmacStream,
  hmacSha256,
  hmacSha384,
  hmacSha512,
} from "./assembly/std/hmac";
export { formatHttpDate, parseHttpDate } from "./assembly/std/http-date";
export { Json, JsonKind, JsonOptions } from "./assembly/std/json";
export { JsonWriter } from "./assembly/std/json-writer";
export { Jwk, JwkSet, JwksOptions } from "./assembly/std/jwks";
export {
  Hs256Key,
  Hs384Key,
  Hs512Key,
  JwtKey,
  JwtReason,
  JwtResult,
  JwtVerifier,
} from "./assembly/std/jwt";
export {
  percentDecode,
  percentDecodeBytes,
  percentDecodeLoose,
  percentEncode,
  percentEncodeBytes,
  percentEncodeForm,
  percentEncodeSegment,
} from "./assembly/std/percent";
export { ProtobufReader, ProtobufWriter, WireType } from "./assembly/std/protobuf";
export { Regex, RegexLimits, RegexMatch } from "./assembly/std/regex";
export { Result } from "./assembly/std/result";
export { SameSite, SetCookie } from "./assembly/std/set-cookie";
export { Sha256, sha256, sha256Text } from "./assembly/std/sha256";
export { Sha384, Sha512, sha384, sha384Text, sha512, sha512Text } from "./assembly/std/sha512";
export { Needles, StreamReplacer } from "./assembly/std/stream-replacer";
export {
  EscapedSlashes,
  Query,
  QueryParameter,
  RequestTarget,
  normalizePath,
  pathSegments,
  removeDotSegments,
} from "./assembly/std/url";
export { utf8Decode, utf8Encode } from "./assembly/std/utf8";
export { isUtf8, utf8FaultOffset } from "./assembly/std/utf8-validate";
export { environment } from "./assembly/system/environment";
export { fillRandom, randomBytes } from "./assembly/system/random";
export { randomUuid } from "./assembly/system/uuid";
export {
  currentTimeMilliseconds,
  currentTimeNanoseconds,
  monotonicNanoseconds,
} from "./assembly/system/time";
