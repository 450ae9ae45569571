// A host for the driver assembly/abi/pairs.driver.ts that answers as a test tells it to.
import assert from "node:assert/strict";
import { Driver } from "./asc-driver.ts";

interface PairsExports {
  malloc(size: number): number;
  open(map: number): void;
  advance(): number;
  advanceTo(name: number, nameSize: number): number;
  grow(): void;
  name(): number;
  nameSize(): number;
  value(): number;
  valueSize(): number;
  close(): void;
}

/** An entry of a map, as latin1. */
export type Pair = readonly [name: string, value: string];

const OK = 0;
const PAGE = 65_536;

/** An instance with a host that answers as it is told. */
export class PairsHost {
  readonly driver: Driver<PairsExports>;
  /** What the host call does; its answer is the status. */
  answer: (outData: number, outSize: number) => number = () => OK;
  /** Where the memory ends. */
  readonly #end: number;

  constructor(binary: Uint8Array<ArrayBuffer>) {
    const proxy_get_header_map_pairs = (_map: number, outData: number, outSize: number): number =>
      this.answer(outData, outSize);
    this.driver = new Driver<PairsExports>(binary, { env: { proxy_get_header_map_pairs } });
    // Room for what is allocated, then a page that no allocator knows of.
    this.driver.writeBytes(new Uint8Array(8 * PAGE));
    this.driver.collect();
    this.driver.exports.grow();
    this.#end = this.driver.memorySize;
  }

  /** Sets the out-parameters. */
  out(outData: number, data: number, outSize: number, size: number): void {
    const view = new DataView(this.driver.exports.memory.buffer);
    view.setUint32(outData, data, true);
    view.setUint32(outSize, size, true);
  }

  /** Has the host answer with these bytes, as Envoy does: allocated in the middle of the call. */
  give(bytes: Uint8Array): void {
    this.answer = (outData, outSize) => {
      const data = this.driver.exports.malloc(bytes.length);
      new Uint8Array(this.driver.exports.memory.buffer).set(bytes, data);
      this.out(outData, data, outSize, bytes.length);
      return OK;
    };
  }

  /** Has the host answer with bytes that are the last of the memory: a read beyond them traps. */
  giveAtEnd(bytes: Uint8Array): number {
    assert.equal(this.driver.memorySize, this.#end, "the memory has not grown");
    const data = this.#end - bytes.length;
    new Uint8Array(this.driver.exports.memory.buffer).set(bytes, data);
    this.answer = (outData, outSize) => {
      this.out(outData, data, outSize, bytes.length);
      return OK;
    };
    return data;
  }

  /** The entry that the reader is at; its bytes have to lie between the two addresses. */
  entry(from: number, to: number): Pair {
    const { exports } = this.driver;
    const text = (at: number, size: number): string => {
      assert.ok(from <= at && at + size <= to, `${at}+${size} is not within ${from} to ${to}`);
      return Buffer.from(exports.memory.buffer, at, size).toString("latin1");
    };
    return [
      text(exports.name() >>> 0, exports.nameSize() >>> 0),
      text(exports.value() >>> 0, exports.valueSize() >>> 0),
    ];
  }

  /** All that the reader finds in these bytes. */
  read(bytes: Uint8Array): Pair[] {
    const { exports } = this.driver;
    const from = this.giveAtEnd(bytes);
    exports.open(0);
    const pairs: Pair[] = [];
    while (exports.advance() !== 0) {
      pairs.push(this.entry(from, from + bytes.length));
      assert.ok(pairs.length <= bytes.length, "it stops");
    }
    assert.equal(exports.advance(), 0, "the end stays the end");
    return pairs;
  }
}
