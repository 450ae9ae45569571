import { Status } from "../abi/enums";
import { proxy_get_status } from "../abi/hostcalls/callouts";
import { takeString } from "../runtime/bytes";
import { clearOut, outData, outSize, release, reserve } from "../runtime/memory";
import { GrpcCode } from "./grpc-code";

/** How a gRPC call or stream ended. */
@final
export class GrpcResult {
  constructor(
    /** What the service answered, or Envoy in its place: `Unavailable`, `DeadlineExceeded` ... */
    readonly code: GrpcCode,
  ) {}

  /**
   * What was said to it, for a log line: the service's `grpc-message`, percent-encoded as it came, with
   * Envoy's own details behind it in braces. `""` for nothing. Readable only inside the callback.
   */
  message(): string {
    clearOut();
    // The code is known; the host has to put it somewhere.
    const code = reserve(4);
    const status = proxy_get_status(code, outData(), outSize());
    release(code);
    return status == Status.Ok ? takeString() : "";
  }
}
