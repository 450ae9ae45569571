import { BufferType } from "../abi/enums";
import { StreamBuffer } from "../abi/stream-buffer";

/** What has come from the client and not gone on yet. */
@final
export class DownstreamData extends StreamBuffer {
  constructor() {
    super(BufferType.DownstreamData);
  }
}

/** What has come from the upstream and not gone on to the client yet. */
@final
export class UpstreamData extends StreamBuffer {
  constructor() {
    super(BufferType.UpstreamData);
  }
}
