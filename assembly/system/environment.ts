import { environ_get, environ_sizes_get } from "../abi/hostcalls/wasi";
import { copyBytes } from "../runtime/bytes";
import { clearOut, outData, outSize, release, reserve } from "../runtime/memory";
import { decodeUtf8, encodeUtf8, maxUtf8Size } from "../runtime/text";

/** The variables as the host wrote them: `NAME=VALUE`, each NUL-terminated. */
@unmanaged
class Variables {
  count: u32;
  texts: usize;
  end: usize;
}

// @ts-ignore: decorator
@lazy
const VARIABLES = changetype<Variables>(memory.data(12, 4));

/** Reads all variables; answers what to `release`, 0 when there are none. */
function read(): usize {
  clearOut();
  if (environ_sizes_get(outData(), outSize()) != 0) return 0;
  const count = load<u32>(outData());
  const size = <usize>load<u32>(outSize());
  if (count == 0) return 0;
  const pointers = reserve(((<usize>count) << 2) + size);
  const texts = pointers + ((<usize>count) << 2);
  if (environ_get(pointers, texts) != 0) {
    release(pointers);
    return 0;
  }
  VARIABLES.count = count;
  VARIABLES.texts = texts;
  VARIABLES.end = texts + size;
  return pointers;
}

/** Where the text at `from` ends: at its NUL. */
function endOf(from: usize): usize {
  while (from < VARIABLES.end && load<u8>(from) != 0) from++;
  return from;
}

/**
 * The environment variables that the VM was given by `environment_variables` of Envoy's VmConfig:
 * the values written there, and those of Envoy's own process whose names are listed there. Each call
 * is two host calls: read what you need when the plugin starts or is configured.
 */
export namespace environment {
  /** A variable's value; `null` when there is no such variable, `""` when it is empty. */
  export function get(name: string): string | null {
    const found = getBytes(name);
    return found === null ? null : decodeUtf8(found.dataStart, found.length);
  }

  /** As `get`, as bytes. */
  export function getBytes(name: string): Uint8Array | null {
    const data = read();
    if (data == 0) return null;
    const wanted = heap.alloc(maxUtf8Size(name.length) + 1);
    const size = encodeUtf8(name, wanted);
    store<u8>(wanted + size, 0x3d);
    let value: Uint8Array | null = null;
    let at = VARIABLES.texts;
    for (let i: u32 = 0; i < VARIABLES.count; i++) {
      const end = endOf(at);
      if (end - at > size && memory.compare(at, wanted, size + 1) == 0) {
        value = copyBytes(at + size + 1, end - at - size - 1);
        break;
      }
      at = end + 1;
    }
    heap.free(wanted);
    release(data);
    return value;
  }

  /** The names of all variables, in no order. */
  export function names(): string[] {
    const names: string[] = [];
    const data = read();
    if (data == 0) return names;
    let at = VARIABLES.texts;
    for (let i: u32 = 0; i < VARIABLES.count; i++) {
      const end = endOf(at);
      let equals = at;
      while (equals < end && load<u8>(equals) != 0x3d) equals++;
      names.push(decodeUtf8(at, equals - at));
      at = end + 1;
    }
    release(data);
    return names;
  }
}
