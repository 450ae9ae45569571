// What Envoy has of WASI preview 1 that the ABI itself lacks. The results are WASI's error numbers:
// 0 is success, 76 what a capability restriction answers.

/** Stores the time (u64, nanoseconds) of a clock: 0 is the wall clock, 1 the monotonic one. */
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "clock_time_get")
export declare function clock_time_get(clock: u32, precision: u64, outTime: usize): u32;

/** Stores the number of environment variables and the bytes that all of them take. */
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_sizes_get")
export declare function environ_sizes_get(outCount: usize, outSize: usize): u32;

/** Stores a pointer to each environment variable, and their texts: `NAME=VALUE`, each NUL-terminated. */
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_get")
export declare function environ_get(pointers: usize, texts: usize): u32;

/** Fills memory with random bytes; Envoy refuses more than 64 KiB at once. */
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "random_get")
export declare function random_get(data: usize, size: usize): u32;
