// Host calls without an SDK in between: each status that Envoy can answer, and what is there of WASI.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Guest, NUMBER_AT, RESULT } from "../sdk/host/testing.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";
import { envoySince, hostFunctions } from "./support/envoy-version.ts";
import { proxyFor } from "./support/filters.ts";

/** Has a guest make calls when a request comes; answers what it logs of each, by the name that it has. */
async function outcomes(
  t: TestContext,
  guest: Guest,
  calls: ReadonlyMap<string, string>,
): Promise<Record<string, string>> {
  const code = Array.from(calls, ([name, call]) => guest.log(name) + guest.tell(call)).join("\n");
  guest.on("proxy_on_vm_start", "", 1).on("proxy_on_configure", "", 1);
  guest.on("proxy_on_request_headers", code);
  const module = join(await temporaryFolder(t), "guest.wasm");
  await writeFile(module, guest.wasm());
  const proxy = await proxyFor(t, { module });
  assert.equal((await proxy.send()).status, 200);
  await proxy.stop();
  const lines = proxy.envoy.wasmLogs.map(({ text }) => text);
  return Object.fromEntries(
    Array.from(calls.keys(), (name) => [name, lines[lines.indexOf(name) + 1] ?? "nothing"]),
  );
}

test("each status of the ABI is answered by a call", async (t) => {
  const guest = new Guest();
  const numbers = (...values: readonly number[]): string => Guest.numbers(...values);
  const at = numbers(NUMBER_AT);
  /** The cluster as a GrpcService message: envoy_grpc, cluster_name. */
  const noCluster = "\n\x09\n\x07nowhere";
  const grpcCall = (service: string): string =>
    `(call $proxy_grpc_call ${guest.text(service)} ${guest.text("s")} ${guest.text("m")} ${numbers(0, 0, 0, 0, 100)} ${at})`;
  const queue = `(drop (call $proxy_register_shared_queue ${guest.text("empty")} ${at}))`;
  const calls = new Map([
    ["Ok", `(call $proxy_get_log_level ${at})`],
    ["NotFound", `(call $proxy_get_property ${guest.text("nothing")} ${RESULT})`],
    ["BadArgument", `(call $proxy_log ${numbers(6)} ${guest.text("beyond critical")})`],
    ["SerializationFailure", `(call $proxy_get_property ${guest.text("request")} ${RESULT})`],
    ["ParseFailure", grpcCall("neither a cluster nor a message")],
    ["InvalidMemoryAccess", `(call $proxy_log ${numbers(2, 0x7fffffff, 1)})`],
    [
      "Empty",
      `(block (result i32) ${queue} (call $proxy_dequeue_shared_queue (i32.load ${at}) ${RESULT}))`,
    ],
    [
      "CasMismatch",
      `(block (result i32) (drop (call $proxy_set_shared_data ${guest.text("key")} ${guest.text("1")} ${numbers(0)}))
         (call $proxy_set_shared_data ${guest.text("key")} ${guest.text("2")} ${numbers(99)}))`,
    ],
    ["InternalFailure", grpcCall(noCluster)],
    ["Unimplemented", `(call $proxy_continue_stream ${numbers(3)})`],
  ]);
  assert.deepEqual(await outcomes(t, guest, calls), {
    Ok: "00",
    NotFound: "01",
    BadArgument: "02",
    SerializationFailure: "03",
    ParseFailure: "04",
    InvalidMemoryAccess: "06",
    Empty: "07",
    CasMismatch: "08",
    InternalFailure: "10",
    Unimplemented: "12",
  });
});

/** What WASI's functions answer to zeros, by its own error numbers; the others answer 52, `nosys`. */
const WASI: Readonly<Record<string, string>> = {
  args_get: "00",
  args_sizes_get: "00",
  clock_res_get: "00",
  clock_time_get: "00",
  environ_get: "00",
  environ_sizes_get: "00",
  fd_advise: "00",
  fd_allocate: "08",
  fd_close: "00",
  fd_datasync: "08",
  fd_fdstat_get: "08",
  fd_fdstat_set_rights: "08",
  fd_filestat_get: "08",
  fd_filestat_set_size: "08",
  fd_filestat_set_times: "08",
  fd_prestat_get: "08",
  fd_pwrite: "08",
  fd_readdir: "20",
  fd_renumber: "08",
  fd_seek: "00",
  fd_sync: "08",
  fd_tell: "08",
  fd_write: "08",
  path_create_directory: "58",
  path_filestat_get: "58",
  path_filestat_set_times: "58",
  path_link: "58",
  path_open: "44",
  path_readlink: "58",
  path_remove_directory: "58",
  path_rename: "58",
  path_symlink: "58",
  path_unlink_file: "58",
  poll_oneoff: "00",
  random_get: "00",
  sched_yield: "00",
  sock_accept: "58",
  sock_recv: "58",
  sock_send: "58",
  sock_shutdown: "58",
};

test("of WASI a few functions work, and the others answer that they do not", async (t) => {
  const functions = (await hostFunctions()).filter(
    ({ module, name }) => module === "wasi_snapshot_preview1" && name !== "proc_exit",
  );
  const calls = functions.map(({ name, signature }) => {
    const parameters = signature.slice(1).split(") -> ")[0] ?? "";
    const zeros = parameters === "" ? [] : parameters.split(", ");
    return [name, `(call $${name} ${zeros.map((type) => `(${type}.const 0)`).join(" ")})`] as const;
  });
  const told = await outcomes(t, new Guest(), new Map(calls));
  // Since 1.39 it answers as if there were nothing to wait for.
  const earlier = (await envoySince("1.39")) ? {} : { poll_oneoff: "52" };
  const expected: Readonly<Record<string, string>> = { ...WASI, ...earlier };
  assert.deepEqual(
    told,
    Object.fromEntries(functions.map(({ name }) => [name, expected[name] ?? "52"])),
  );
});
