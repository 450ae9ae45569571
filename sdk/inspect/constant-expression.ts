import type { ByteReader } from "./byte-reader.ts";

const END = 0x0b;
const GC_PREFIX = 0xfb;
const SIMD_PREFIX = 0xfd;

/** An operand in LEB128; other operands are written as their number of bytes. */
const LEB = 0;

/** What follows each instruction. */
const OPERANDS: ReadonlyMap<number, readonly number[]> = new Map([
  [0x23, [LEB]], // global.get
  [0x41, [LEB]], // i32.const
  [0x42, [LEB]], // i64.const
  [0x43, [4]], // f32.const
  [0x44, [8]], // f64.const
  [0x6a, []], // i32.add
  [0x6b, []], // i32.sub
  [0x6c, []], // i32.mul
  [0x7c, []], // i64.add
  [0x7d, []], // i64.sub
  [0x7e, []], // i64.mul
  [0xd0, [LEB]], // ref.null
  [0xd2, [LEB]], // ref.func
]);
const GC_OPERANDS: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [LEB]], // struct.new
  [1, [LEB]], // struct.new_default
  [6, [LEB]], // array.new
  [7, [LEB]], // array.new_default
  [8, [LEB, LEB]], // array.new_fixed
  [26, []], // any.convert_extern
  [27, []], // extern.convert_any
  [28, []], // ref.i31
]);
const SIMD_OPERANDS: ReadonlyMap<number, readonly number[]> = new Map([
  [12, [16]], // v128.const
]);

/**
 * Passes over the expression that initialises a global or a table. False when it has an instruction
 * that is not known here: where the expression ends cannot be told then.
 */
export function skipConstantExpression(reader: ByteReader): boolean {
  for (;;) {
    const code = reader.u8();
    if (code === END) return true;
    const operands = operandsOf(code, reader);
    if (operands === undefined) return false;
    for (const bytes of operands) {
      if (bytes === LEB) skipNumber(reader);
      else reader.skip(bytes);
    }
  }
}

function operandsOf(code: number, reader: ByteReader): readonly number[] | undefined {
  if (code === GC_PREFIX) return GC_OPERANDS.get(reader.u32());
  if (code === SIMD_PREFIX) return SIMD_OPERANDS.get(reader.u32());
  return OPERANDS.get(code);
}

/** Passes over a number in LEB128 of any size: its last byte is the first below 0x80. */
function skipNumber(reader: ByteReader): void {
  let byte;
  do byte = reader.u8();
  while (byte >= 0x80);
}
