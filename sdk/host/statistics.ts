// What a stats sink is handed, as Envoy writes it (little endian; `pad` fills up to a multiple of eight bytes):
//   u32 size, u32 1, u32 count, (u32 nameSize, name, pad, u64 value, u64 delta) x counters
//   u32 size, u32 2, u32 count, (u32 nameSize, name, pad, u64 value) x gauges

/** A counter or gauge at one moment. */
export interface Sample {
  readonly name: string;
  readonly value: bigint;
  /** Of a counter: by how much it has grown since the moment before. */
  readonly delta: bigint;
}

/** All that was ever set, at one moment. */
export interface Statistics {
  readonly counters: readonly Sample[];
  readonly gauges: readonly Sample[];
}

const HEAD = 12;
const COUNTERS = 1;
const GAUGES = 2;
const align = (size: number): number => Math.ceil(size / 8) * 8;

function head(size: number, type: number, count: number): Buffer {
  const bytes = Buffer.alloc(HEAD);
  [size >>> 0, type, count].forEach((each, index) => bytes.writeUInt32LE(each, 4 * index));
  return bytes;
}

/** An entry, whose numbers are aligned from the start of its block. */
function entry(at: number, name: Uint8Array, numbers: readonly bigint[]): Buffer {
  const values = align(at + 4 + name.length) - at;
  const bytes = Buffer.alloc(values + 8 * numbers.length);
  bytes.writeUInt32LE(name.length);
  bytes.set(name, 4);
  for (const [index, each] of numbers.entries()) bytes.writeBigUInt64LE(each, values + 8 * index);
  return bytes;
}

/**
 * The bytes, and the size that Envoy states of them: what it reckons for the gauges is about doubled with
 * each, modulo 2^32, and what lies between it and the bytes was never written.
 */
export function encodeStatistics({ counters, gauges }: Statistics): {
  readonly bytes: Uint8Array;
  readonly size: number;
} {
  const parts: Buffer[] = [];
  let at = HEAD;
  const put = (name: Uint8Array, numbers: readonly bigint[]): void => {
    const bytes = entry(at, name, numbers);
    parts.push(bytes);
    at += bytes.length;
  };
  for (const { name, value, delta } of counters) put(Buffer.from(name), [value, delta]);
  const first = [head(at, COUNTERS, counters.length), ...parts.splice(0)];
  const size = at;
  at += HEAD;
  let stated = HEAD;
  for (const { name, value } of gauges) {
    const bytes = Buffer.from(name);
    put(bytes, [value]);
    stated = (stated + 4 + bytes.length) >>> 0;
    stated = (stated + align(stated + 8)) >>> 0;
  }
  const second = [head(stated, GAUGES, gauges.length), ...parts];
  return { bytes: Buffer.concat([...first, ...second]), size: (size + stated) >>> 0 };
}
