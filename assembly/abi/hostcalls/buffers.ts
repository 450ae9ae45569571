import { BufferType, Status } from "../enums";

/** Copies part of a buffer; the host allocates the result through `malloc`. */
// @ts-ignore: decorator
@external("env", "proxy_get_buffer_bytes")
export declare function proxy_get_buffer_bytes(
  buffer: BufferType,
  start: u32,
  maxSize: u32,
  outData: usize,
  outSize: usize,
): Status;
