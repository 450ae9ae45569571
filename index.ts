/// <reference path="./assembly/globals.d.ts" />

// The names that filters import: `import { HttpFilter, ... } from "as-proxy-wasm"`. Listed one by
// one, because `export *` breaks `import * as`. asc ignores package.json: this file is what the
// package's name resolves to.
export { LogLevel, Status } from "./assembly/abi/enums";
export { Action } from "./assembly/http/action";
export { HttpFilter } from "./assembly/http/filter";
export { Header } from "./assembly/http/header-map";
export { RequestHeaders, ResponseHeaders } from "./assembly/http/headers";
export { LocalResponse } from "./assembly/http/local-response";
export { log } from "./assembly/log/log";
export { Counter } from "./assembly/metrics/counter";
export { Configuration } from "./assembly/plugin/configuration";
export { Plugin } from "./assembly/plugin/plugin";
export { registerHttpFilter, registerPlugin } from "./assembly/plugin/registry";
export {
  constantTimeEqual,
  constantTimeEqualBytes,
  constantTimeIncludes,
} from "./assembly/std/equal";
export { Json, JsonKind, JsonOptions } from "./assembly/std/json";
export { utf8Decode, utf8Encode } from "./assembly/std/utf8";
