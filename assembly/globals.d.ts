// For editors and tsc only, by way of index.ts; asc does not read it. Names that the compiler has
// and that its declarations for editors lack.

// The garbage collector's interface (std/assembly/rt).
declare function __new(size: usize, id: u32): usize;
declare function __renew(pointer: usize, size: usize): usize;
declare function __collect(): void;

// Made by `build` (sdk/compiler/runtime-library.ts, sdk/compiler/compile.ts).
declare const AS_PROXY_WASM_COLLECT_ALWAYS: i32;
declare function __as_proxy_wasm_managed_bytes(): usize;
