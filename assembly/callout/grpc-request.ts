import { Status } from "../abi/enums";
import { proxy_grpc_call, proxy_grpc_stream } from "../abi/hostcalls/grpc";
import { PairsWriter } from "../abi/pairs";
import { clearOut, outData, release, reserve } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { isTarget } from "./target";

// ╒═ envoy.config.core.v3.GrpcService, as far as it is needed ═╕
// │ 1 envoy_grpc { 1 cluster_name, 2 authority }               │
// └────────────────────────────────────────────────────────────┘
// Envoy takes a cluster's bare name too, but only where it does not happen to parse as this message.

/** The tag of a length-delimited field. */
// @ts-ignore: decorator
@inline
const FIELD_1: u8 = (1 << 3) | 2;
// @ts-ignore: decorator
@inline
const FIELD_2: u8 = (2 << 3) | 2;

/** The most bytes that a varint of 32 bits takes. */
// @ts-ignore: decorator
@inline
const MAX_VARINT: usize = 5;

/** What a GrpcCall or a GrpcStream is made to: a method of a service, with metadata. */
@final
export class GrpcRequest {
  private readonly pairs: PairsWriter = new PairsWriter();
  private host: string = "";

  /**
   * Neither may be empty, or hold white space or control characters: the request is refused then when
   * it is sent.
   *
   * @param service the full name of the service: `helloworld.Greeter`
   * @param method the name of the method alone: `SayHello`
   */
  constructor(
    private readonly service: string,
    private readonly method: string,
  ) {}

  /**
   * Adds metadata, which the service sees as headers. When its name is empty, or its name or value holds
   * CR, LF or NUL, the request is refused when it is sent. Values of names in `-bin` are base64.
   */
  metadata(name: string, value: string): GrpcRequest {
    this.pairs.add(name, value);
    return this;
  }

  /** Sets what the service sees as `:authority`; the cluster's name by default. */
  authority(host: string): GrpcRequest {
    this.host = host;
    return this;
  }

  /** Makes a unary call; the token is the host call's first result. @internal */
  __call(cluster: string, message: Uint8Array, timeoutMs: u32): Status {
    const start = this.write(cluster);
    if (start == 0) return Status.BadArgument;
    clearOut();
    const status = proxy_grpc_call(
      start,
      serviceStart - start,
      serviceStart,
      methodStart - serviceStart,
      methodStart,
      metadataStart - methodStart,
      metadataStart,
      end - metadataStart,
      message.dataStart,
      message.length,
      timeoutMs,
      outData(),
    );
    release(start);
    return status;
  }

  /** Opens a stream, as `__call`. @internal */
  __open(cluster: string): Status {
    const start = this.write(cluster);
    if (start == 0) return Status.BadArgument;
    clearOut();
    const status = proxy_grpc_stream(
      start,
      serviceStart - start,
      serviceStart,
      methodStart - serviceStart,
      methodStart,
      metadataStart - methodStart,
      metadataStart,
      end - metadataStart,
      outData(),
    );
    release(start);
    return status;
  }

  /**
   * Writes the arguments of a call one behind the other, and sets where each starts. Returns what to
   * release; 0 when the request is refused.
   */
  private write(cluster: string): usize {
    const pairs = this.pairs;
    if (pairs.refused || !isTarget(this.service) || !isTarget(this.method)) return 0;
    const names = maxUtf8Size(
      cluster.length + this.host.length + this.service.length + this.method.length,
    );
    const start = reserve(3 * (1 + MAX_VARINT) + names + pairs.size);
    serviceStart = writeService(cluster, this.host, start);
    methodStart = serviceStart + encodeUtf8(this.service, serviceStart);
    metadataStart = methodStart + encodeUtf8(this.method, methodStart);
    end = pairs.write(metadataStart);
    return start;
  }
}

// Where the arguments of the call that is being made start, and where the last one ends.
// @ts-ignore: decorator
@lazy
let serviceStart: usize = 0;
// @ts-ignore: decorator
@lazy
let methodStart: usize = 0;
// @ts-ignore: decorator
@lazy
let metadataStart: usize = 0;
// @ts-ignore: decorator
@lazy
let end: usize = 0;

/** Writes the GrpcService message and returns where it ends. */
function writeService(cluster: string, authority: string, at: usize): usize {
  // The size of the inner message stands before it: it is written behind the room for the size, and
  // moved down to it.
  const inner = at + 1 + MAX_VARINT;
  let innerEnd = writeText(FIELD_1, cluster, inner);
  if (authority.length != 0) innerEnd = writeText(FIELD_2, authority, innerEnd);
  return finishField(FIELD_1, inner, innerEnd - inner);
}

/** Writes a string field and returns where it ends. */
function writeText(tag: u8, text: string, at: usize): usize {
  const data = at + 1 + MAX_VARINT;
  return finishField(tag, data, encodeUtf8(text, data));
}

/** Puts tag and size before the `size` bytes at `data`, without a gap; returns where they end now. */
function finishField(tag: u8, data: usize, size: usize): usize {
  let at = data - 1 - MAX_VARINT;
  store<u8>(at++, tag);
  let rest = size;
  while (rest >= 0x80) {
    store<u8>(at++, <u8>(rest | 0x80));
    rest >>= 7;
  }
  store<u8>(at++, <u8>rest);
  memory.copy(at, data, size);
  return at + size;
}
