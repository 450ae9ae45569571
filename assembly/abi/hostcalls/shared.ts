import { Status } from "../enums";

/** Reads a key of this VM id; the host allocates the result, and stores its version (u32). */
// @ts-ignore: decorator
@external("env", "proxy_get_shared_data")
export declare function proxy_get_shared_data(
  key: usize,
  keySize: usize,
  outData: usize,
  outSize: usize,
  outCas: usize,
): Status;

/** Writes a key that is absent, or whose version is `cas`, or any for 0; else CasMismatch. */
// @ts-ignore: decorator
@external("env", "proxy_set_shared_data")
export declare function proxy_set_shared_data(
  key: usize,
  keySize: usize,
  value: usize,
  valueSize: usize,
  cas: u32,
): Status;

/** Makes a queue of this VM id, or takes it over; stores its token (u32). */
// @ts-ignore: decorator
@external("env", "proxy_register_shared_queue")
export declare function proxy_register_shared_queue(
  name: usize,
  nameSize: usize,
  outToken: usize,
): Status;

/** Finds a queue of a VM id, this VM's own where it is empty; stores its token (u32). */
// @ts-ignore: decorator
@external("env", "proxy_resolve_shared_queue")
export declare function proxy_resolve_shared_queue(
  vmId: usize,
  vmIdSize: usize,
  name: usize,
  nameSize: usize,
  outToken: usize,
): Status;

/** Appends a message; `proxy_on_queue_ready` is then called where the queue was registered last. */
// @ts-ignore: decorator
@external("env", "proxy_enqueue_shared_queue")
export declare function proxy_enqueue_shared_queue(token: u32, data: usize, size: usize): Status;

/** Takes the oldest message, which the host allocates; Empty when there is none. */
// @ts-ignore: decorator
@external("env", "proxy_dequeue_shared_queue")
export declare function proxy_dequeue_shared_queue(
  token: u32,
  outData: usize,
  outSize: usize,
): Status;
