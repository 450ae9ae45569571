import { BufferType } from "../abi/enums";
import { takeBytes, takeString } from "../runtime/bytes";
import { readConfiguration } from "./configuration";

/**
 * What Envoy was given as the `configuration` of the VM: the JSON text of a Struct, or a
 * StringValue's or BytesValue's own bytes. The same for all plugins of the VM.
 */
@final
export class VmConfiguration {
  /** @param size its size in bytes */
  constructor(readonly size: u32) {}

  /** The configuration as text (UTF-8, each ill-formed part as one U+FFFD); `""` when there is none. */
  text(): string {
    return readConfiguration(BufferType.VmConfiguration, this.size) ? takeString() : "";
  }

  /** The configuration as bytes; empty when there is none. */
  bytes(): Uint8Array {
    return readConfiguration(BufferType.VmConfiguration, this.size)
      ? takeBytes()
      : new Uint8Array(0);
  }
}
