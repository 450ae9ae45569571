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

/**
 * Changes part of a buffer. Envoy takes `start` 0 (`length` 0 puts the bytes in front, the whole
 * length replaces all) and a `start` at or behind the end (appends); what lies between is
 * BadArgument.
 */
// @ts-ignore: decorator
@external("env", "proxy_set_buffer_bytes")
export declare function proxy_set_buffer_bytes(
  buffer: BufferType,
  start: u32,
  length: u32,
  data: usize,
  dataSize: usize,
): Status;

/** Stores the size of a buffer in bytes (u32), and flags (u32), which Envoy leaves 0. */
// @ts-ignore: decorator
@external("env", "proxy_get_buffer_status")
export declare function proxy_get_buffer_status(
  buffer: BufferType,
  outSize: usize,
  outFlags: usize,
): Status;
