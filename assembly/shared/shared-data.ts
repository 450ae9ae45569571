import { Status } from "../abi/enums";
import { proxy_get_shared_data, proxy_set_shared_data } from "../abi/hostcalls/shared";
import { takeBytes, takeString } from "../runtime/bytes";
import { clearOut, outData, outSize, release, reserve } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { SharedBytesUpdate, SharedTextUpdate } from "./update";

/** A version that no value has: the host counts up from 1, so this one is four billion writes away. */
// @ts-ignore: decorator
@inline
const NO_CAS: u32 = u32.MAX_VALUE;

/** How often `update` tries before it gives way. */
// @ts-ignore: decorator
@inline
const MAX_TRIES = 100;

// Where the host stores a value's version.
// @ts-ignore: decorator
@lazy
const OUT_CAS: usize = memory.data(4, 4);

/** A shared value as text, with the version that `setIf` wants. */
@final
export class SharedText {
  constructor(
    /** UTF-8, each ill-formed part as one U+FFFD. */
    readonly value: string,
    /** Changes with each write, whoever makes it; never 0. */
    readonly cas: u32,
  ) {}
}

/** A shared value as bytes, with the version that `setBytesIf` wants. */
@final
export class SharedBytes {
  constructor(
    /** A copy. */
    readonly value: Uint8Array,
    /** Changes with each write, whoever makes it; never 0. */
    readonly cas: u32,
  ) {}
}

/**
 * Values by key that all workers share, and all plugins whose VM has the same `vm_id`. They live in
 * memory, until the last VM of that id is gone, and none can be deleted: an empty value is kept, and
 * is not the same as none. From any callback; each call is one host call, which takes a lock of
 * Envoy's.
 */
export namespace sharedData {
  /** The value of `key`; `null` when it was never set. */
  export function get(key: string): SharedText | null {
    if (!read(key)) return null;
    return new SharedText(takeString(), load<u32>(OUT_CAS));
  }

  /** As `get`, as bytes. */
  export function getBytes(key: string): SharedBytes | null {
    if (!read(key)) return null;
    return new SharedBytes(takeBytes(), load<u32>(OUT_CAS));
  }

  /** Sets `key`, whatever it was. */
  export function set(key: string, value: string): Status {
    return writeText(key, value, 0);
  }

  /** As `set`, as bytes. */
  export function setBytes(key: string, value: Uint8Array): Status {
    return writeBytes(key, value, 0);
  }

  /**
   * Sets `key` if it still is of version `cas`, as `get` told it; else `CasMismatch`. A key that does
   * not exist is set.
   */
  export function setIf(key: string, value: string, cas: u32): Status {
    return cas == 0 ? Status.CasMismatch : writeText(key, value, cas);
  }

  /** As `setIf`, as bytes. */
  export function setBytesIf(key: string, value: Uint8Array, cas: u32): Status {
    return cas == 0 ? Status.CasMismatch : writeBytes(key, value, cas);
  }

  /** Sets `key` if it was never set; else `CasMismatch`. */
  export function add(key: string, value: string): Status {
    return writeText(key, value, NO_CAS);
  }

  /** As `add`, as bytes. */
  export function addBytes(key: string, value: Uint8Array): Status {
    return writeBytes(key, value, NO_CAS);
  }

  /**
   * Replaces the value of `key` by what `change` makes of it, and asks again when another worker was
   * faster: no write is lost. `CasMismatch` when others were faster a hundred times in a row.
   */
  export function update(key: string, change: SharedTextUpdate): Status {
    for (let i = 0; i < MAX_TRIES; i++) {
      const current = get(key);
      const next = change.update(current === null ? null : current.value);
      if (next === null) return Status.Ok;
      const status = writeText(key, next, current === null ? NO_CAS : current.cas);
      if (status != Status.CasMismatch) return status;
    }
    return Status.CasMismatch;
  }

  /** As `update`, as bytes. */
  export function updateBytes(key: string, change: SharedBytesUpdate): Status {
    for (let i = 0; i < MAX_TRIES; i++) {
      const current = getBytes(key);
      const next = change.update(current === null ? null : current.value);
      if (next === null) return Status.Ok;
      const status = writeBytes(key, next, current === null ? NO_CAS : current.cas);
      if (status != Status.CasMismatch) return status;
    }
    return Status.CasMismatch;
  }
}

/** Asks the host for a value; true when the result is pending. */
function read(key: string): bool {
  const data = reserve(maxUtf8Size(key.length));
  const size = encodeUtf8(key, data);
  clearOut();
  store<u32>(OUT_CAS, 0);
  const status = proxy_get_shared_data(data, size, outData(), outSize(), OUT_CAS);
  release(data);
  return status == Status.Ok;
}

function writeText(key: string, value: string, cas: u32): Status {
  const data = reserve(maxUtf8Size(key.length + value.length));
  const size = encodeUtf8(key, data);
  const text = data + size;
  const status = proxy_set_shared_data(data, size, text, encodeUtf8(value, text), cas);
  release(data);
  return status;
}

function writeBytes(key: string, value: Uint8Array, cas: u32): Status {
  const data = reserve(maxUtf8Size(key.length));
  const size = encodeUtf8(key, data);
  const status = proxy_set_shared_data(data, size, value.dataStart, value.length, cas);
  release(data);
  return status;
}
