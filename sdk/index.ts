// `as-proxy-wasm/sdk`: the toolchain for other programs.
export { ERROR_CODES, ExitCode, ToolError } from "./errors.ts";
export type { ErrorCode, SourcePlace, ToolErrorDetails } from "./errors.ts";
export { build } from "./compiler/build.ts";
export type { BuildOptions, BuildResult } from "./compiler/build.ts";
export type { BuildJson } from "./cli/build.ts";
export type { InspectJson } from "./cli/inspect.ts";
export { checkModule, moduleProblems } from "./inspect/check.ts";
export { ABI_VERSIONS, CALLBACKS, HOST_FUNCTIONS } from "./inspect/envoy-abi.ts";
export type { AbiFunction, AbiVersion } from "./inspect/envoy-abi.ts";
export { inspectModule } from "./inspect/inspect.ts";
export type {
  ExportInfo,
  ExternalKind,
  FunctionInfo,
  ImportInfo,
  MemoryInfo,
  ModuleInfo,
  SectionInfo,
  TableInfo,
} from "./inspect/module-info.ts";
export { explainEnvoyTrap, explainHostTrap, formatTrap, sourcesOf } from "./trap/index.ts";
export type { ModuleSources, TrapFrame, TrapReport } from "./trap/index.ts";
