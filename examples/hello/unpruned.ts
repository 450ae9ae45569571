// What plain asc builds (see asconfig.json): the filter with every callback of the SDK exported.
import "./filter";
export * from "as-proxy-wasm/assembly/abi/callbacks";
