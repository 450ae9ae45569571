import { BufferType, Status } from "../abi/enums";
import { proxy_get_buffer_bytes } from "../abi/hostcalls/buffers";
import { takeBytes } from "../runtime/bytes";
import { clearOut, outData, outSize } from "../runtime/memory";

/** A message from a gRPC service. Readable only inside the callback that hands it over. */
@final
export class GrpcMessage {
  constructor(
    /** Its size in bytes; an empty message is one too. */
    readonly size: u32,
  ) {}

  /** The message as the service serialised it: Protocol Buffers, as a rule. */
  bytes(): Uint8Array {
    if (this.size == 0) return new Uint8Array(0);
    clearOut();
    const status = proxy_get_buffer_bytes(
      BufferType.GrpcReceive,
      0,
      this.size,
      outData(),
      outSize(),
    );
    return status == Status.Ok ? takeBytes() : new Uint8Array(0);
  }
}
