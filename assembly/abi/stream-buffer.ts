import { takeBytes, takeString } from "../runtime/bytes";
import { callbackSerial, currentContext } from "../runtime/callback";
import { clearOut, outData, outSize, release, reserve, resultData } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { BufferType, Status } from "./enums";
import {
  proxy_get_buffer_bytes,
  proxy_get_buffer_status,
  proxy_set_buffer_bytes,
} from "./hostcalls/buffers";

/** A length that reaches to the end of any buffer; also a start that is behind it. */
// @ts-ignore: decorator
@inline
const END: u32 = u32.MAX_VALUE;

/** Texts up to this many units are encoded into as much space as they may need at most. */
// @ts-ignore: decorator
@inline
const SHORT = 64 * 1024;

/**
 * Bytes of a stream that lie in Envoy: each call reads or changes Envoy's own buffer. Usable in the
 * callback that it was handed to, and no longer: afterwards it is empty, and what writes answers
 * `BadArgument` (Envoy itself would go on to use memory that it has given away).
 *
 * Envoy can change the bytes as a whole, at the start and at the end, and nowhere in between: to
 * change the middle, read all, and replace all.
 */
export abstract class StreamBuffer {
  /** How many bytes there are now. */
  size: u32 = 0;
  /** Whether these bytes are the last. */
  endOfStream: bool = false;

  /** The callback, and the stream, that the buffer is open in. */
  private serial: u32 = 0;
  private context: u32 = 0;

  /** @internal */
  constructor(private readonly buffer: BufferType) {}

  /** All bytes as text: UTF-8, each ill-formed part (a character cut in two, say) as one U+FFFD. */
  text(): string {
    return this.fetch(0, END) ? takeString() : "";
  }

  /** All bytes. */
  bytes(): Uint8Array {
    return this.read(0, END);
  }

  /** At most `length` bytes from `start` on: fewer, or none, where the buffer ends before. */
  read(start: u32, length: u32): Uint8Array {
    return this.fetch(start, length) ? takeBytes() : new Uint8Array(0);
  }

  /** Puts `text` in the place of all bytes. */
  replace(text: string): Status {
    return this.writeText(0, END, text);
  }

  /** As `replace`, with bytes. */
  replaceBytes(bytes: Uint8Array): Status {
    return this.write(0, END, bytes.dataStart, bytes.length);
  }

  /** Adds `text` behind the last byte. */
  append(text: string): Status {
    return this.writeText(END, 0, text);
  }

  /** As `append`, with bytes. */
  appendBytes(bytes: Uint8Array): Status {
    return this.write(END, 0, bytes.dataStart, bytes.length);
  }

  /** Puts `text` before the first byte. */
  prepend(text: string): Status {
    return this.writeText(0, 0, text);
  }

  /** As `prepend`, with bytes. */
  prependBytes(bytes: Uint8Array): Status {
    return this.write(0, 0, bytes.dataStart, bytes.length);
  }

  /** Removes all bytes. */
  clear(): Status {
    return this.write(0, END, 0, 0);
  }

  /** Removes the first `length` bytes, or all where there are fewer. */
  drain(length: u32): Status {
    // Envoy takes a length of 0 for an insertion.
    return length == 0 ? Status.Ok : this.write(0, length, 0, 0);
  }

  /** Makes the buffer usable for the rest of this callback. @internal */
  __open(size: u32, endOfStream: bool): void {
    this.size = size;
    this.endOfStream = endOfStream;
    this.serial = callbackSerial;
    this.context = currentContext;
  }

  /** As `__open`, for bytes that the host keeps; asks it how many. @internal */
  __openHeld(): void {
    clearOut();
    const status = proxy_get_buffer_status(this.buffer, outData(), outSize());
    this.__open(status == Status.Ok ? <u32>resultData() : 0, true);
  }

  /** Whether this is still the callback that the buffer was handed to. */
  protected isOpen(): bool {
    return this.serial == callbackSerial && this.context == currentContext;
  }

  /** Asks the host for bytes; true when they are there as a result to take over. */
  private fetch(start: u32, length: u32): bool {
    if (!this.isOpen()) return false;
    clearOut();
    return proxy_get_buffer_bytes(this.buffer, start, length, outData(), outSize()) == Status.Ok;
  }

  private writeText(start: u32, length: u32, text: string): Status {
    const room = text.length <= SHORT ? maxUtf8Size(text.length) : String.UTF8.byteLength(text);
    const data = reserve(room);
    const status = this.write(start, length, data, encodeUtf8(text, data));
    release(data);
    return status;
  }

  private write(start: u32, length: u32, data: usize, size: usize): Status {
    if (!this.isOpen()) return Status.BadArgument;
    const status = proxy_set_buffer_bytes(this.buffer, start, length, data, size);
    if (status == Status.Ok) this.size += <u32>size - min(length, this.size);
    return status;
  }
}
