import { Status } from "./abi.ts";
import { latin1, utf8 } from "./bytes.ts";

/** Thrown inside a host call to end it with a status. */
export class CallEnded extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`host call ended with ${status}`);
    this.status = status;
  }
}

/** What allocates in the guest: 0 when it cannot, or answers what is outside of its memory. */
export type Allocate = (size: number) => number;

/** Counts what is copied. */
export interface CopyMeter {
  toHost(bytes: number): void;
  toGuest(bytes: number): void;
}

/**
 * The guest's memory, as host calls see it. Nothing that the guest passes is trusted: what lies outside
 * of the memory ends the host call with InvalidMemoryAccess, as in Envoy.
 */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #allocate: Allocate;
  readonly #meter: CopyMeter;

  constructor(memory: WebAssembly.Memory, allocate: Allocate, meter: CopyMeter) {
    this.#memory = memory;
    this.#allocate = allocate;
    this.#meter = meter;
  }

  /** Whether `size` bytes from `pointer` on are inside. */
  contains(pointer: number, size: number): boolean {
    return pointer + size <= Math.min(this.#memory.buffer.byteLength, 0xffff_ffff);
  }

  /** A copy of the bytes there. */
  read(pointer: number, size: number): Uint8Array {
    this.#expect(pointer, size);
    this.#meter.toHost(size);
    return new Uint8Array(this.#memory.buffer.slice(pointer, pointer + size));
  }

  /** The bytes there as text of one character a byte. */
  readLatin1(pointer: number, size: number): string {
    return latin1(this.read(pointer, size));
  }

  /** The bytes there as UTF-8. */
  readUtf8(pointer: number, size: number): string {
    return utf8(this.read(pointer, size));
  }

  /** A number of 32 bits; not counted as copied. */
  readU32(pointer: number): number {
    this.#expect(pointer, 4);
    return new DataView(this.#memory.buffer).getUint32(pointer, true);
  }

  write(pointer: number, bytes: Uint8Array): void {
    this.#expect(pointer, bytes.length);
    this.#meter.toGuest(bytes.length);
    new Uint8Array(this.#memory.buffer).set(bytes, pointer);
  }

  /** Numbers are not counted as copied. */
  writeU16(pointer: number, value: number): void {
    this.#expect(pointer, 2);
    new DataView(this.#memory.buffer).setUint16(pointer, value, true);
  }

  writeU32(pointer: number, value: number): void {
    this.#expect(pointer, 4);
    new DataView(this.#memory.buffer).setUint32(pointer, value, true);
  }

  writeU64(pointer: number, value: bigint): void {
    this.#expect(pointer, 8);
    new DataView(this.#memory.buffer).setBigUint64(pointer, BigInt.asUintN(64, value), true);
  }

  /** Allocates room for the bytes, of none too, and answers where they are. */
  place(bytes: Uint8Array): number {
    const pointer = this.#allocate(bytes.length);
    if (pointer === 0) throw new CallEnded(Status.InvalidMemoryAccess);
    this.write(pointer, bytes);
    return pointer;
  }

  /** Allocates room for the bytes, and writes where they are and how many; nothing of nothing. */
  writeResult(bytes: Uint8Array, pointerAt: number, sizeAt: number): void {
    const pointer = bytes.length === 0 ? 0 : this.place(bytes);
    this.writeU32(pointerAt, pointer);
    this.writeU32(sizeAt, bytes.length);
  }

  #expect(pointer: number, size: number): void {
    if (!this.contains(pointer, size)) throw new CallEnded(Status.InvalidMemoryAccess);
  }
}
