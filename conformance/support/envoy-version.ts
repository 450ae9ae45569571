// Where an older Envoy does otherwise, the test says since when it does as it should. Known are 1.36.4,
// 1.37.0, 1.39.3 and 1.40.0, by running the tests on each of them.
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { isOlder } from "../../harness/envoy/release.ts";
import { HOST_FUNCTIONS } from "../../sdk/inspect/envoy-abi.ts";
import type { AbiFunction } from "../../sdk/inspect/envoy-abi.ts";

/** Whether the Envoy that the tests run is of this version, as `1.37`, or a later one. */
export async function envoySince(version: string): Promise<boolean> {
  return !isOlder((await locateEnvoy()).version, version);
}

/** What of WASI Envoys before 1.39 have; later ones have all of it, most of which answers an error. */
const EARLY_WASI: ReadonlySet<string> = new Set([
  "args_get",
  "args_sizes_get",
  "clock_time_get",
  "environ_get",
  "environ_sizes_get",
  "fd_close",
  "fd_fdstat_get",
  "fd_fdstat_set_flags",
  "fd_prestat_dir_name",
  "fd_prestat_get",
  "fd_read",
  "fd_seek",
  "fd_write",
  "path_open",
  "poll_oneoff",
  "proc_exit",
  "random_get",
  "sched_yield",
]);

/** The host functions that the Envoy that the tests run has. */
export async function hostFunctions(): Promise<readonly AbiFunction[]> {
  if (await envoySince("1.39")) return HOST_FUNCTIONS;
  return HOST_FUNCTIONS.filter(({ module, name }) => module === "env" || EARLY_WASI.has(name));
}
