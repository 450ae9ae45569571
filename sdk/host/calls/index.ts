// The imports of a module: every host call of its version of the ABI, wrapped so that it is counted, that
// nothing the guest passes gets through unchecked, and that it is refused where Envoy refuses it.
import { Status } from "../abi.ts";
import { HOST_FUNCTIONS } from "../../inspect/envoy-abi.ts";
import { CallEnded } from "../guest-memory.ts";
import type { Vm } from "../vm.ts";
import { bufferCalls } from "./buffers.ts";
import { contextCalls } from "./contexts.ts";
import { dnsCalls } from "./dns.ts";
import { foreignCalls } from "./foreign.ts";
import { grpcCalls } from "./grpc.ts";
import { headerCalls } from "./headers.ts";
import type { HostCalls } from "./host-call.ts";
import { httpCallCalls } from "./http-call.ts";
import { logCalls } from "./log.ts";
import { metricCalls } from "./metrics.ts";
import { propertyCalls } from "./properties.ts";
import { sharedCalls } from "./shared.ts";
import { streamCalls } from "./stream.ts";
import { timeCalls } from "./time.ts";
import { environmentCalls, wasiCalls } from "./wasi.ts";

const CALLS: HostCalls = {
  ...bufferCalls,
  ...contextCalls,
  ...dnsCalls,
  ...environmentCalls,
  ...foreignCalls,
  ...grpcCalls,
  ...headerCalls,
  ...httpCallCalls,
  ...logCalls,
  ...metricCalls,
  ...propertyCalls,
  ...sharedCalls,
  ...streamCalls,
  ...timeCalls,
  ...wasiCalls,
};

/** What a capability answers that the module may not have. */
const WASI_NOT_CAPABLE = 76;

/** What may be called while the host allocates. */
const IN_MALLOC: ReadonlySet<string> = new Set([
  "proxy_log",
  "fd_write",
  "clock_time_get",
  "poll_oneoff",
]);
/** Of WASI, what may not be called while the module starts. */
const NOT_AT_START: ReadonlySet<string> = new Set([
  "fd_close",
  "fd_read",
  "fd_seek",
  "path_filestat_get",
  "path_open",
  "proc_exit",
  "sched_yield",
]);

function allowedAtStart(module: string, name: string): boolean {
  if (module === "env") return name === "proxy_log" || name === "emscripten_notify_memory_growth";
  return !NOT_AT_START.has(name);
}

/** The imports for a VM, by module and name. */
export function hostCallImports(vm: Vm): Record<string, Record<string, unknown>> {
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { module, name, versions, signature } of HOST_FUNCTIONS) {
    const call = CALLS[name];
    if (module === null || call === undefined || !versions.includes(vm.module.abiVersion)) continue;
    const { allowedCapabilities } = vm.host;
    const env = module === "env";
    const named = !env || name.startsWith("proxy_");
    const restricted = allowedCapabilities !== null && named && !allowedCapabilities.has(name);
    const answers = !signature.endsWith("()");
    const atStart = allowedAtStart(module, name);
    (imports[module] ??= {})[name] = (...args: (number | bigint)[]) => {
      const result = vm.hostCall(
        name,
        (now) => now === null || (now === "start" ? atStart : IN_MALLOC.has(name)),
        () => {
          if (restricted) {
            vm.host.problem(`${name} is not among the allowed capabilities`);
            return env ? Status.InternalFailure : WASI_NOT_CAPABLE;
          }
          try {
            return call(
              { vm, context: vm.context, memory: vm.memory },
              ...args.map((each) => (typeof each === "number" ? each >>> 0 : each)),
            );
          } catch (error) {
            if (error instanceof CallEnded) return error.status;
            throw error;
          }
        },
      );
      return answers ? result : undefined;
    };
  }
  return imports;
}
