// WASI preview 1 as Envoy has it: output goes to the log, time and random numbers are there, and all that
// is about files and sockets answers an error number.
import { CallEnded } from "../guest-memory.ts";
import type { CallScope, HostCalls } from "./host-call.ts";

/** Error numbers of WASI. */
const OK = 0;
const BADF = 8;
const EFAULT = 21;
const EINVAL = 28;
const NOENT = 44;
const ENOSYS = 52;
const NOTDIR = 20;
const NOTSUP = 58;

const STDOUT = 1;
const STDERR = 2;
/** The levels of what is written to them. */
const INFO = 2;
const ERROR = 4;

const MOST_RANDOM_BYTES = 64 * 1024;
const RIGHT_FD_WRITE = 64n;

const isOutput = (fd: number): boolean => fd === STDOUT || fd === STDERR;
const always = (errno: number) => (): number => errno;
const onOutput = (_scope: CallScope, fd: number): number => (isOutput(fd) ? OK : BADF);

/** Answers an error number for what lies outside of the guest's memory. */
function faulting(run: () => number): number {
  try {
    return run();
  } catch (error) {
    if (error instanceof CallEnded) return EFAULT;
    throw error;
  }
}

function write(
  { context, memory }: CallScope,
  fd: number,
  vectors: number,
  count: number,
  to: number,
): number {
  if (!isOutput(fd)) return BADF;
  return faulting(() => {
    let text = "";
    for (let index = 0; index < count; index++) {
      const size = memory.readU32(vectors + index * 8 + 4);
      if (size > 0) text += memory.readLatin1(memory.readU32(vectors + index * 8), size);
    }
    if (text !== "") {
      const line = Buffer.from(text.replace(/\n$/, ""), "latin1").toString("utf8");
      context.writeLog(fd === STDOUT ? INFO : ERROR, line);
    }
    memory.writeU32(to, text.length);
    return OK;
  });
}

const zeroAndNotSupported = ({ memory }: CallScope, at: number): number =>
  faulting(() => {
    memory.writeU32(at, 0);
    return NOTSUP;
  });

function timeOf({ vm }: CallScope, clock: number): bigint | null {
  if (clock === 0) return vm.host.clock.now;
  return clock === 1 ? vm.host.clock.monotonic : null;
}

export const wasiCalls: HostCalls = {
  args_get: always(OK),
  args_sizes_get: ({ memory }, count: number, size: number) =>
    faulting(() => {
      memory.writeU32(count, 0);
      memory.writeU32(size, 0);
      return OK;
    }),
  clock_res_get: ({ memory }, clock: number, to: number) =>
    faulting(() => {
      if (clock > 1) return NOTSUP;
      memory.writeU64(to, 1n);
      return OK;
    }),
  clock_time_get: (scope, clock: number, _precision: bigint, to: number) =>
    faulting(() => {
      const time = timeOf(scope, clock);
      if (time === null) return NOTSUP;
      scope.memory.writeU64(to, time);
      return OK;
    }),
  environ_get: ({ memory, vm }, pointers: number, texts: number) =>
    faulting(() => {
      for (const [name, value] of vm.host.environment) {
        const bytes = Buffer.from(`${name}=${value}\0`, "utf8");
        memory.writeU32(pointers, texts);
        memory.write(texts, bytes);
        pointers += 4;
        texts += bytes.length;
      }
      return OK;
    }),
  environ_sizes_get: ({ memory, vm }, count: number, size: number) =>
    faulting(() => {
      const lengths = Array.from(
        vm.host.environment,
        ([name, value]) => Buffer.byteLength(name) + Buffer.byteLength(value) + 2,
      );
      memory.writeU32(count, lengths.length);
      memory.writeU32(
        size,
        lengths.reduce((total, length) => total + length, 0),
      );
      return OK;
    }),
  fd_advise: always(OK),
  fd_allocate: onOutput,
  fd_close: always(OK),
  fd_datasync: onOutput,
  fd_fdstat_get: ({ memory }, fd: number, to: number) => {
    if (!isOutput(fd)) return BADF;
    // Envoy does not look whether there is room for it.
    if (memory.contains(to, 24)) {
      memory.writeU64(to, 0n);
      memory.writeU64(to + 8, RIGHT_FD_WRITE);
      memory.writeU64(to + 16, 0n);
    }
    return OK;
  },
  fd_fdstat_set_flags: always(ENOSYS),
  fd_fdstat_set_rights: onOutput,
  fd_filestat_get: always(BADF),
  fd_filestat_set_size: onOutput,
  fd_filestat_set_times: onOutput,
  fd_pread: always(ENOSYS),
  fd_prestat_dir_name: always(ENOSYS),
  fd_prestat_get: always(BADF),
  fd_pwrite: (scope, fd: number, vectors: number, count: number, _offset: bigint, to: number) =>
    write(scope, fd, vectors, count, to),
  fd_read: always(ENOSYS),
  fd_readdir: (
    { memory },
    _fd: number,
    _to: number,
    _size: number,
    _cookie: bigint,
    used: number,
  ) =>
    faulting(() => {
      memory.writeU32(used, 0);
      return NOTDIR;
    }),
  fd_renumber: (_scope, from: number, to: number) =>
    isOutput(from) && isOutput(to) ? NOTSUP : BADF,
  fd_seek: always(OK),
  fd_sync: onOutput,
  fd_tell: ({ memory }, fd: number, to: number) =>
    faulting(() => {
      if (!isOutput(fd)) return BADF;
      memory.writeU64(to, 0n);
      return OK;
    }),
  fd_write: write,
  path_create_directory: always(NOTSUP),
  path_filestat_get: always(NOTSUP),
  path_filestat_set_times: always(NOTSUP),
  path_link: always(NOTSUP),
  path_open: always(NOENT),
  path_readlink: (
    scope,
    _fd: number,
    _path: number,
    _size: number,
    _to: number,
    _most: number,
    used: number,
  ) => zeroAndNotSupported(scope, used),
  path_remove_directory: always(NOTSUP),
  path_rename: always(NOTSUP),
  path_symlink: always(NOTSUP),
  path_unlink_file: always(NOTSUP),
  poll_oneoff: ({ memory }, _in: number, _out: number, _count: number, events: number) =>
    faulting(() => {
      memory.writeU32(events, 0);
      return OK;
    }),
  // It does not exit: Envoy goes on with what follows.
  proc_exit: always(OK),
  random_get: ({ memory, vm }, to: number, size: number) =>
    faulting(() => {
      if (size > MOST_RANDOM_BYTES) return EINVAL;
      if (size > 0) memory.write(to, vm.host.random(size));
      return OK;
    }),
  sched_yield: always(OK),
  sock_accept: ({ memory }, _fd: number, _flags: number, to: number) =>
    faulting(() => {
      memory.writeU64(to, 0n);
      return NOTSUP;
    }),
  sock_recv: (
    { memory },
    _fd: number,
    _to: number,
    _size: number,
    _in: number,
    used: number,
    flags: number,
  ) =>
    faulting(() => {
      memory.writeU32(used, 0);
      memory.writeU16(flags, 0);
      return NOTSUP;
    }),
  sock_send: (scope, _fd: number, _from: number, _size: number, _flags: number, used: number) =>
    zeroAndNotSupported(scope, used),
  sock_shutdown: always(NOTSUP),
};

/** What else Envoy has in `env`. */
export const environmentCalls: HostCalls = {
  pthread_equal: (_scope, left: number, right: number) => (left === right ? 1 : 0),
  emscripten_notify_memory_growth: always(OK),
};
