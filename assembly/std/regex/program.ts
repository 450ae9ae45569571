// What a pattern is compiled to: instructions for a machine that follows all ways through them at
// once (machine.ts).
//
// ╒═══════════ Instruction (u32) ═══════════╕
// │ operand, signed (27 bits) │ Op (5 bits) │
// └─────────────────────────────────────────┘
// Jumps are relative, so that a part of a program can be moved and repeated as it is.
//
// ╒═════════════════════ Set (u32 each) ═════════════════════╕
// │ negated │ ASCII, a bit each × 4 │ n │ (low, high) × n    │
// └──────────────────────────────────────────────────────────┘
// What is negated is so in the bits already; in the ranges, which begin beyond ASCII, not.

/** What an instruction does; the operand in brackets. */
export const enum Op {
  /** All that the pattern wants was there. */
  Match,
  /** Takes one character [code point]. */
  Char,
  /** Takes an ASCII letter in either case [the lower one]. */
  Letter,
  /** Takes any character. */
  Any,
  /** Takes any character but a line's end. */
  NotLineEnd,
  /** Takes a character of a set [where the set is]. */
  Set,
  /** Goes on elsewhere [how far]. */
  Jump,
  /** Goes on with what follows, and, if that fails, elsewhere [how far]. */
  Split,
  /** Goes on elsewhere [how far], and, if that fails, with what follows. */
  SplitAway,
  /** Notes the position [slot]. */
  Save,
  /** Forgets a position [slot]. */
  Clear,
  /** Begins a repetition that must take something, */
  Enter,
  /** and fails where it has not. */
  Moved,
  /** `^` and `$`, of the text and of a line; `\b` and `\B`. */
  TextStart,
  TextEnd,
  LineStart,
  LineEnd,
  WordEdge,
  NoWordEdge,
}

// @ts-ignore: decorator
@inline
const OP_BITS: i32 = 5;

// @ts-ignore: decorator
@inline
const OP_MASK: u32 = 31;

/** What an instruction does. */
// @ts-ignore: decorator
@inline
export function opOf(word: u32): i32 {
  return <i32>(word & OP_MASK);
}

/** The operand of an instruction. */
// @ts-ignore: decorator
@inline
export function operandOf(word: u32): i32 {
  return (<i32>word) >> OP_BITS;
}

/** An instruction. */
// @ts-ignore: decorator
@inline
export function instruction(op: Op, operand: i32): u32 {
  return ((<u32>operand) << OP_BITS) | op;
}

/** The words of a set before its ranges. */
// @ts-ignore: decorator
@lazy
export const SET_HEADER = 6;

/** A pattern, ready to run. */
export class Program {
  constructor(
    readonly code: StaticArray<u32>,
    readonly sets: StaticArray<u32>,
    /** The name of each group, "" where it has none; that of group 0, the whole, too. */
    readonly names: string[],
  ) {}
}

/** A program that matches nothing: what a refused pattern is. */
export function emptyProgram(): Program {
  const code = new StaticArray<u32>(1);
  // No character has this value.
  unchecked((code[0] = instruction(Op.Char, 0x1fffff)));
  return new Program(code, new StaticArray<u32>(0), [""]);
}

/** Whether a character ends a line. */
// @ts-ignore: decorator
@inline
export function isLineEnd(point: u32): bool {
  return point == 0x0a || point == 0x0d || point - 0x2028 < 2;
}
