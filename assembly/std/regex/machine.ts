// Runs a program over a text: all ways at once, a character after the other, so that the time is in
// proportion to text times program at worst, whatever both are (a Pike machine). Ways are kept in
// the order in which a matcher that tries one after the other would: the first that comes to the end
// is the match.
import { decodePoint, pointSize } from "../../runtime/text";
import { isInSet } from "./class";
import { Op, Program, isLineEnd, opOf, operandOf } from "./program";

/** What comes before the first character and behind the last. */
// @ts-ignore: decorator
@inline
const NONE: u32 = u32.MAX_VALUE;

/** Words of 32 bits for the characters of ASCII. */
// @ts-ignore: decorator
@inline
const ASCII_WORDS = 4;

/** A text of UTF-16 units or of bytes, and the state of a search in it. */
export class Machine {
  /** The slots of the match that was found; -1 where one is not set. */
  readonly match: StaticArray<i32>;

  private data: usize = 0;
  private size: i32 = 0;
  private isBytes: bool = false;
  /** How much of the text the character that `decode` answered takes. */
  private width: i32 = 0;

  /** Instructions that ways wait at, in the order of preference, and the slots of each. */
  private ways: StaticArray<i32>;
  private waysSlots: StaticArray<i32>;
  private count: i32 = 0;
  /** The same for the position before. */
  private before: StaticArray<i32>;
  private beforeSlots: StaticArray<i32>;
  /** The slots of the way that is followed. */
  private readonly slots: StaticArray<i32>;
  /** How many slots are kept: none where only whether there is a match counts. */
  private kept: i32 = 0;
  /** Whether a way came to the end, where no slots are kept. */
  private found: bool = false;

  /**
   * For each instruction, at which step it was reached last; and the same where something is still
   * to be taken since an `Enter`.
   */
  private readonly reached: StaticArray<u32>;
  private step: u32 = 0;
  /** What is still to follow at this position: instructions; or ~slot, on top of what was in it. */
  private readonly stack: StaticArray<i32>;

  /** How many characters all searches so far have looked at. */
  looked: i64 = 0;

  /** The characters around the position. */
  private previous: u32 = NONE;
  private current: u32 = NONE;

  /** Which ASCII characters can begin a match that does not begin with the text. */
  private readonly first: StaticArray<u32> = new StaticArray<u32>(ASCII_WORDS);
  /** Whether other characters can. */
  private firstOther: bool = false;
  /** Whether such a match can be empty. */
  private firstNone: bool = false;
  /** Whether there is no such match. */
  private isAnchored: bool = false;

  constructor(private readonly program: Program) {
    const length = program.code.length;
    this.match = new StaticArray<i32>(program.names.length * 2);
    this.slots = new StaticArray<i32>(program.names.length * 2);
    this.ways = new StaticArray<i32>(length);
    this.before = new StaticArray<i32>(length);
    this.waysSlots = new StaticArray<i32>(0);
    this.beforeSlots = new StaticArray<i32>(0);
    this.reached = new StaticArray<u32>(length * 2);
    this.stack = new StaticArray<i32>(length * 4 + 1);
    this.findFirst();
  }

  /** Whether there is a match in a text; ends as soon as that is known. */
  test(data: usize, size: i32, isBytes: bool): bool {
    this.kept = 0;
    return this.run(data, size, isBytes, 0);
  }

  /** Finds the first match from `start` on, which must be in the text, and leaves it in `match`. */
  find(data: usize, size: i32, isBytes: bool, start: i32): bool {
    this.kept = this.slots.length;
    const room = this.ways.length * this.kept;
    if (this.waysSlots.length != room) {
      this.waysSlots = new StaticArray<i32>(room);
      this.beforeSlots = new StaticArray<i32>(room);
    }
    return this.run(data, size, isBytes, start);
  }

  private run(data: usize, size: i32, isBytes: bool, start: i32): bool {
    this.data = data;
    this.size = size;
    this.isBytes = isBytes;
    this.count = 0;
    this.found = false;
    // A text has fewer than half as many characters as are left then: there are two steps at most for each.
    if (this.step > 0x7fffffff) {
      memory.fill(changetype<usize>(this.reached), 0, (<usize>this.reached.length) << 2);
      this.step = 0;
    }
    this.step++;
    let at = start;
    let isMatched = false;
    this.previous = at > 0 ? this.decodeBefore(at) : NONE;
    this.current = this.decode(at);
    while (true) {
      if (!isMatched) {
        if (at > 0) {
          if (!this.count) {
            if (this.isAnchored) return false;
            at = this.skip(at);
            if (at < 0) return false;
            // What ways that ended have reached, they reached at the place before.
            this.step++;
          }
          if (!this.isAnchored && this.canBegin()) this.begin(at);
        } else {
          this.begin(at);
        }
        if (this.found) return true;
      }
      if (!this.count && (isMatched || at == size)) return isMatched;
      const point = this.current;
      const next = at + this.width;
      this.swap();
      const count = this.count;
      this.count = 0;
      this.step++;
      this.previous = point;
      this.current = this.decode(next);
      for (let i = 0; i < count; i++) {
        const way = unchecked(this.before[i]);
        const word = unchecked(this.program.code[way]);
        if (opOf(word) == Op.Match) {
          this.copySlots(this.beforeSlots, i * this.kept, this.match, 0);
          isMatched = true;
          // What comes after is less preferred.
          break;
        }
        if (!this.takes(word, point)) continue;
        this.copySlots(this.beforeSlots, i * this.kept, this.slots, 0);
        this.follow(way + 1, next);
      }
      if (this.found) return true;
      if (point == NONE) return isMatched;
      this.looked++;
      at = next;
    }
  }

  /** Goes on to the next character that can begin a match; answers where it is, or -1. */
  private skip(at: i32): i32 {
    while (!this.canBegin()) {
      if (at == this.size) return -1;
      at += this.width;
      this.looked++;
      this.previous = this.current;
      this.current = this.decode(at);
    }
    return at;
  }

  /** Whether a match that does not begin with the text can begin here. */
  // @ts-ignore: decorator
  @inline
  private canBegin(): bool {
    const point = this.current;
    if (point < 0x80)
      return ((unchecked(this.first[point >> 5]) >> (point & 31)) & 1) != 0 || this.firstNone;
    return (this.firstOther && point != NONE) || this.firstNone;
  }

  /** Adds the way that begins here. */
  private begin(at: i32): void {
    const slots = this.slots;
    for (let i = 0; i < this.kept; i++) unchecked((slots[i] = -1));
    this.follow(0, at);
  }

  /**
   * Follows a way, and those that branch off, up to what takes a character; adds the ways that wait
   * there. Where another has been at this position no way goes on: what it could lead to is there.
   */
  private follow(start: i32, at: i32): void {
    const code = this.program.code;
    const reached = this.reached;
    const stack = this.stack;
    const slots = this.slots;
    const step = this.step;
    const kept = this.kept;
    let top = 0;
    // Where the way is, doubled; and 1 where it has something to take before the next `Moved`.
    let state = start << 1;
    while (true) {
      while (unchecked(reached[state]) != step) {
        unchecked((reached[state] = step));
        const word = unchecked(code[state >> 1]);
        const op = opOf(word);
        const operand = operandOf(word);
        if (op <= Op.Set) {
          // What is taken here is something, whatever was before.
          if (state & 1) {
            if (unchecked(reached[state ^ 1]) == step) break;
            unchecked((reached[state ^ 1] = step));
          }
          this.wait(state >> 1, op);
          break;
        }
        switch (op) {
          case Op.Jump:
            state += operand << 1;
            continue;
          case Op.Split:
            unchecked((stack[top++] = state + (operand << 1)));
            break;
          case Op.SplitAway:
            unchecked((stack[top++] = state + 2));
            state += operand << 1;
            continue;
          case Op.Save:
          case Op.Clear:
            if (kept) {
              unchecked((stack[top++] = unchecked(slots[operand])));
              unchecked((stack[top++] = ~operand));
              unchecked((slots[operand] = op == Op.Save ? at : -1));
            }
            break;
          case Op.Enter:
            state |= 1;
            break;
          case Op.Moved:
            if (state & 1) state = -1;
            break;
          default:
            if (!this.holds(op)) state = -1;
        }
        if (state < 0) break;
        state += 2;
      }
      // Back to what was put off last.
      while (true) {
        if (!top) return;
        state = unchecked(stack[--top]);
        if (state >= 0) break;
        unchecked((slots[~state] = unchecked(stack[--top])));
      }
    }
  }

  /** Adds the way that is followed to those that wait. */
  private wait(pc: i32, op: i32): void {
    const count = this.count++;
    unchecked((this.ways[count] = pc));
    if (this.kept) this.copySlots(this.slots, 0, this.waysSlots, count * this.kept);
    else if (op == Op.Match) this.found = true;
  }

  /** Whether what an assertion wants is so between `previous` and `current`. */
  private holds(op: i32): bool {
    const previous = this.previous;
    const current = this.current;
    switch (op) {
      case Op.TextStart:
        return previous == NONE;
      case Op.TextEnd:
        return current == NONE;
      case Op.LineStart:
        return previous == NONE || isLineEnd(previous);
      case Op.LineEnd:
        return current == NONE || isLineEnd(current);
      default:
        return (isWord(previous) != isWord(current)) == (op == Op.WordEdge);
    }
  }

  /** Whether an instruction takes a character. */
  private takes(word: u32, point: u32): bool {
    if (point == NONE) return false;
    const operand = operandOf(word);
    switch (opOf(word)) {
      case Op.Char:
        return point == <u32>operand;
      case Op.Letter:
        return (point | 0x20) == <u32>operand;
      case Op.Any:
        return true;
      case Op.NotLineEnd:
        return !isLineEnd(point);
      default:
        return isInSet(this.program.sets, operand, point);
    }
  }

  /** The character at a position, or `NONE` at the end; sets `width`. */
  private decode(at: i32): u32 {
    if (at >= this.size) {
      this.width = 0;
      return NONE;
    }
    this.width = 1;
    if (this.isBytes) {
      const byte: u32 = load<u8>(this.data + at);
      if (byte < 0x80) return byte;
      const point = decodePoint(this.data + at, this.data + this.size);
      this.width = <i32>pointSize;
      return point;
    }
    const from = this.data + ((<usize>at) << 1);
    const unit: u32 = load<u16>(from);
    if ((unit & 0xfc00) != 0xd800 || at + 1 == this.size) return unit;
    const low: u32 = load<u16>(from, 2);
    if ((low & 0xfc00) != 0xdc00) return unit;
    this.width = 2;
    return 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
  }

  /** The character that ends at a position, which is not the start. */
  private decodeBefore(at: i32): u32 {
    // Longer ones first: what they end in is none of its own.
    for (let width = this.isBytes ? min(4, at) : min(2, at); width > 1; width--) {
      const point = this.decode(at - width);
      if (this.width == width && point != 0xfffd) return point;
    }
    return this.decode(at - 1);
  }

  private swap(): void {
    const ways = this.ways;
    this.ways = this.before;
    this.before = ways;
    const slots = this.waysSlots;
    this.waysSlots = this.beforeSlots;
    this.beforeSlots = slots;
  }

  // @ts-ignore: decorator
  @inline
  private copySlots(from: StaticArray<i32>, start: i32, to: StaticArray<i32>, target: i32): void {
    for (let i = 0; i < this.kept; i++) unchecked((to[target + i] = unchecked(from[start + i])));
  }

  /** Finds out which characters can begin a match that does not begin with the text. */
  private findFirst(): void {
    const code = this.program.code;
    const stack = this.stack;
    let top = 1;
    unchecked((stack[0] = 0));
    this.step++;
    while (top > 0) {
      const pc = unchecked(stack[--top]);
      if (unchecked(this.reached[pc]) == this.step) continue;
      unchecked((this.reached[pc] = this.step));
      const word = unchecked(code[pc]);
      const op = opOf(word);
      if (op == Op.Match) this.firstNone = true;
      else if (op <= Op.Set) this.addFirst(word);
      else if (op != Op.TextStart) {
        if (op != Op.Jump) unchecked((stack[top++] = pc + 1));
        if (op == Op.Jump || op == Op.Split || op == Op.SplitAway)
          unchecked((stack[top++] = pc + operandOf(word)));
      }
    }
    let any = this.firstOther || this.firstNone;
    for (let i = 0; i < ASCII_WORDS; i++) any = any || unchecked(this.first[i]) != 0;
    this.isAnchored = !any;
  }

  private addFirst(word: u32): void {
    for (let point: u32 = 0; point < 0x80; point++) {
      if (!this.takes(word, point)) continue;
      const i = point >> 5;
      unchecked((this.first[i] = unchecked(this.first[i]) | (1 << (point & 31))));
    }
    const op = opOf(word);
    if (op > Op.Letter || operandOf(word) >= 0x80) this.firstOther = true;
  }
}

/** Whether a character is one of `\w`. */
function isWord(point: u32): bool {
  return (point | 0x20) - 0x61 < 26 || point - 0x30 < 10 || point == 0x5f;
}
