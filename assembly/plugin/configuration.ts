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
    return readConfiguration(BufferType.PluginConfiguration, this.size) ? takeString() : "";
  }

  /** The configuration as bytes; empty when there is none. */
  bytes(): Uint8Array {
    return readConfiguration(BufferType.PluginConfiguration, this.size)
      ? takeBytes()
      : new Uint8Array(0);
  }
}

/** Asks for a configuration; true when the result is pending. */
export function readConfiguration(buffer: BufferType, size: u32): bool {
  clearOut();
  return proxy_get_buffer_bytes(buffer, 0, size, outData(), outSize()) == Status.Ok;
}
