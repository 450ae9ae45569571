import { BufferType, Status } from "../abi/enums";
import { proxy_get_buffer_bytes } from "../abi/hostcalls/buffers";
import { takeBytes, takeString } from "../runtime/bytes";
import { clearOut, outData, outSize } from "../runtime/memory";

/**
 * What Envoy was given as this plugin's `configuration`: the JSON text of a Struct, or a
 * StringValue's or BytesValue's own bytes. Readable only inside `onConfigure`.
 */
@final
export class Configuration {
  /** @param size its size in bytes */
  constructor(readonly size: u32) {}

  /** The configuration as text (UTF-8, each ill-formed part as one U+FFFD); `""` when there is none. */
  text(): string {
    return this.read() ? takeString() : "";
  }

  /** The configuration as bytes; empty when there is none. */
  bytes(): Uint8Array {
    return this.read() ? takeBytes() : new Uint8Array(0);
  }

  private read(): bool {
    clearOut();
    const status = proxy_get_buffer_bytes(
      BufferType.PluginConfiguration,
      0,
      this.size,
      outData(),
      outSize(),
    );
    return status == Status.Ok;
  }
}
