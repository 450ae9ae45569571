// Reads a pattern and writes its program, in one go. What follows a part can change what was written
// for it (`a` becomes `a{2,5}`); jumps are relative, so it is moved and repeated as it is.
import { addClass, addRange, beginSet, endSet, isClass } from "./class";
import { RegexLimits } from "./limits";
import { NO_POINT, Pattern } from "./pattern";
import { Op, Program, instruction, operandOf } from "./program";

/** What a part of a pattern can match. */
const enum Width {
  /** At least one character. */
  Some,
  /** Also none. */
  MaybeNone,
  /** None ever: it cannot be repeated. */
  None,
}

/** Compiles one pattern. */
export class Compiler {
  private readonly pattern: Pattern;
  private readonly code: u32[] = [];
  private readonly sets: u32[] = [];
  private readonly names: string[] = [""];
  /** Groups around the next character. */
  private depth: i32 = 0;

  constructor(
    text: string,
    private readonly ignoreCase: bool,
    private readonly multiline: bool,
    private readonly dotAll: bool,
    private readonly limits: RegexLimits,
  ) {
    this.pattern = new Pattern(text);
  }

  /** What is wrong with the pattern; `null` when nothing is. */
  get error(): string | null {
    return this.pattern.error;
  }

  /** Where that is. */
  get errorAt(): i32 {
    return this.pattern.errorAt;
  }

  /** The program; `null`, and an error, where the pattern is none. */
  compile(): Program | null {
    const pattern = this.pattern;
    this.emit(Op.Save, 0);
    this.disjunction();
    if (!pattern.ended) pattern.fail("regex: ) without (", pattern.at);
    this.emit(Op.Save, 1);
    this.emit(Op.Match, 0);
    if (pattern.error != null) return null;
    const code = StaticArray.fromArray(this.code);
    return new Program(code, StaticArray.fromArray(this.sets), this.names);
  }

  /** `a|b|c` */
  private disjunction(): Width {
    const code = this.code;
    let width = Width.Some;
    // Each alternative but the last ends in a jump behind all; until that is known, each jump leads
    // to the one before.
    let jump = -1;
    while (true) {
      const start = code.length;
      if (this.alternative() != Width.Some) width = Width.MaybeNone;
      if (!this.pattern.skip(0x7c)) break;
      this.insert(start, Op.Split, code.length + 2 - start);
      this.emit(Op.Jump, jump);
      jump = code.length - 1;
    }
    while (jump >= 0) {
      const previous = operandOf(unchecked(code[jump]));
      unchecked((code[jump] = instruction(Op.Jump, code.length - jump)));
      jump = previous;
    }
    return width;
  }

  private alternative(): Width {
    let width = Width.MaybeNone;
    while (!this.pattern.ended && this.pattern.peek() != 0x7c && this.pattern.peek() != 0x29) {
      if (this.term() == Width.Some) width = Width.Some;
    }
    return width;
  }

  /** One character, set, group or assertion, and how often it is to be there. */
  private term(): Width {
    const start = this.code.length;
    const group = this.names.length;
    return this.repeated(this.atom(), start, group);
  }

  private atom(): Width {
    const pattern = this.pattern;
    const start = pattern.at;
    const point = pattern.next();
    switch (point) {
      case 0x5e: // ^
        return this.assertion(this.multiline ? Op.LineStart : Op.TextStart);
      case 0x24: // $
        return this.assertion(this.multiline ? Op.LineEnd : Op.TextEnd);
      case 0x28: // (
        return this.group(start);
      case 0x2e: // .
        this.emit(this.dotAll ? Op.Any : Op.NotLineEnd, 0);
        return Width.Some;
      case 0x5b: // [
        this.set(start);
        return Width.Some;
      case 0x5c: // \
        return this.escape(start);
      case 0x2a: // *
      case 0x2b: // +
      case 0x3f: // ?
      case 0x7b: // {
        pattern.fail("regex: nothing to repeat", start);
        return Width.Some;
      case 0x5d: // ]
        pattern.fail("regex: ] without [", start);
        return Width.Some;
      case 0x7d: // }
        pattern.fail("regex: } without {", start);
        return Width.Some;
      default:
        this.character(point);
        return Width.Some;
    }
  }

  private assertion(op: Op): Width {
    this.emit(op, 0);
    return Width.None;
  }

  private character(point: u32): void {
    if (this.ignoreCase && (point | 0x20) - 0x61 < 26) this.emit(Op.Letter, point | 0x20);
    else this.emit(Op.Char, point);
  }

  private escape(start: i32): Width {
    const pattern = this.pattern;
    const letter = pattern.peek();
    if (letter == 0x62 || letter == 0x42) {
      pattern.at++;
      return this.assertion(letter == 0x62 ? Op.WordEdge : Op.NoWordEdge);
    }
    if (isClass(letter)) {
      pattern.at++;
      const set = beginSet(this.sets);
      addClass(this.sets, set, letter);
      this.emitSet(set, false);
      return Width.Some;
    }
    const point = pattern.escaped(start, false);
    if (point != NO_POINT) this.character(point);
    return Width.Some;
  }

  /** What follows `[`. */
  private set(start: i32): void {
    const pattern = this.pattern;
    const negated = pattern.skip(0x5e);
    const set = beginSet(this.sets);
    while (!pattern.skip(0x5d)) {
      if (pattern.ended) {
        pattern.fail("regex: [ without ]", start);
        return;
      }
      const lowAt = pattern.at;
      const low = this.setItem(set);
      // A `-` that comes last is one of the characters.
      if (pattern.peek() != 0x2d || pattern.peek(1) == 0x5d || pattern.peek(1) == NO_POINT) {
        if (low != NO_POINT) addRange(this.sets, set, low, low);
        continue;
      }
      pattern.at++;
      const high = this.setItem(set);
      if (low == NO_POINT || high == NO_POINT) pattern.fail("regex: range of sets", lowAt);
      else if (high < low) pattern.fail("regex: range runs backwards", lowAt);
      else addRange(this.sets, set, low, high);
    }
    this.emitSet(set, negated);
  }

  /** One character of a set; `NO_POINT` where it is a set of its own, which is added, or an error. */
  private setItem(set: i32): u32 {
    const pattern = this.pattern;
    const start = pattern.at;
    if (!pattern.skip(0x5c)) return pattern.next();
    const letter = pattern.peek();
    if (!isClass(letter)) return pattern.escaped(start, true);
    pattern.at++;
    addClass(this.sets, set, letter);
    return NO_POINT;
  }

  private emitSet(set: i32, negated: bool): void {
    endSet(this.sets, set, this.ignoreCase, negated);
    this.emit(Op.Set, set);
  }

  /** What follows `(`. */
  private group(start: i32): Width {
    const pattern = this.pattern;
    const group = this.names.length;
    let captures = true;
    let name = "";
    if (pattern.skip(0x3f)) {
      const kind = pattern.peek();
      const isBehind = kind == 0x3c && (pattern.peek(1) == 0x3d || pattern.peek(1) == 0x21);
      if (kind == 0x3d || kind == 0x21 || isBehind) {
        pattern.fail("regex: lookahead and lookbehind are not supported", start);
      } else if (pattern.skip(0x3c)) {
        name = this.groupName(start);
      } else if (pattern.skip(0x3a)) {
        captures = false;
      } else {
        pattern.fail("regex: unknown kind of group", start);
      }
    }
    if (captures && group > this.limits.groups) pattern.fail("regex: too many groups", start);
    if (++this.depth > min(this.limits.depth, 1000))
      pattern.fail("regex: groups are nested too deep", start);
    if (captures) {
      this.names.push(name);
      this.emit(Op.Save, group * 2);
    }
    const width = this.disjunction();
    if (!pattern.skip(0x29)) pattern.fail("regex: ( without )", start);
    this.depth--;
    if (captures) this.emit(Op.Save, group * 2 + 1);
    return width;
  }

  /** What follows `(?<`. */
  private groupName(start: i32): string {
    const pattern = this.pattern;
    const first = pattern.at;
    while (isNameUnit(pattern.peek(), pattern.at == first)) pattern.at++;
    const name = pattern.text.substring(first, pattern.at);
    if (name == "" || !pattern.skip(0x3e))
      pattern.fail("regex: group name is not [A-Za-z_$][\\w$]*", first);
    else if (this.names.includes(name)) pattern.fail("regex: group name is there twice", start);
    return name;
  }

  /** What follows a part: whether, and how often, it is repeated. */
  private repeated(width: Width, start: i32, group: i32): Width {
    const pattern = this.pattern;
    const at = pattern.at;
    let least = 0;
    // -1: without end.
    let most = -1;
    switch (pattern.peek()) {
      case 0x2a: // *
        break;
      case 0x2b: // +
        least = 1;
        break;
      case 0x3f: // ?
        most = 1;
        break;
      case 0x7b: // {
        break;
      default:
        return width == Width.Some ? width : Width.MaybeNone;
    }
    if (width == Width.None) pattern.fail("regex: nothing to repeat", at);
    if (pattern.next() == 0x7b) {
      least = pattern.number();
      most = least;
      if (pattern.skip(0x2c)) most = pattern.number();
      if (least < 0 || !pattern.skip(0x7d)) pattern.fail("regex: { without a number and }", at);
      else if (most >= 0 && most < least) pattern.fail("regex: numbers run backwards", at);
      else if (max(least, most) > this.limits.repetition)
        pattern.fail("regex: too many repetitions", at);
    }
    const lazy = pattern.skip(0x3f);
    if (pattern.error == null)
      this.repeat(start, group, least, most, lazy, width != Width.Some, at);
    return least == 0 ? Width.MaybeNone : width;
  }

  /** Repeats what was written from `start` on. */
  private repeat(
    start: i32,
    group: i32,
    least: i32,
    most: i32,
    lazy: bool,
    canBeEmpty: bool,
    at: i32,
  ): void {
    // Each time begins with none of its groups matched.
    if (most != 1) {
      for (let i = group; i < this.names.length; i++) this.insert(start, Op.Clear, i * 2 + 1);
    }
    const code = this.code;
    const size = code.length - start;
    const required = <i64>least * size;
    const optional = most < 0 ? size + 4 : <i64>(most - least) * (size + 3);
    if (this.programSize() + required + optional > this.limits.program) {
      this.pattern.fail("regex: program is too long", at);
      return;
    }
    const body = code.slice(start);
    code.length = start;
    for (let i = 0; i < least; i++) this.append(body);
    const stay = lazy ? Op.SplitAway : Op.Split;
    const leave = lazy ? Op.Split : Op.SplitAway;
    if (most < 0 && least > 0 && !canBeEmpty) {
      this.emit(leave, -size);
      return;
    }
    // What can be empty must take something each time that it need not be there.
    if (canBeEmpty) {
      body.unshift(instruction(Op.Enter, 0));
      body.push(instruction(Op.Moved, 0));
    }
    const each = body.length + 1;
    if (most < 0) {
      this.emit(stay, each + 1);
      this.append(body);
      this.emit(Op.Jump, -each);
    }
    for (let left = most - least; left > 0; left--) {
      this.emit(stay, left * each);
      this.append(body);
    }
  }

  private programSize(): i64 {
    return this.code.length + this.sets.length;
  }

  private emit(op: Op, operand: i32): void {
    this.code.push(instruction(op, operand));
    if (this.programSize() > this.limits.program)
      this.pattern.fail(
        "regex: program is too long",
        min(this.pattern.at, this.pattern.text.length),
      );
  }

  private append(body: u32[]): void {
    for (let i = 0; i < body.length; i++) this.code.push(unchecked(body[i]));
  }

  /** Puts an instruction before what was written from `start` on. */
  private insert(start: i32, op: Op, operand: i32): void {
    this.emit(op, operand);
    const code = this.code;
    const first = code.dataStart + ((<usize>start) << 2);
    memory.copy(first + 4, first, (<usize>(code.length - 1 - start)) << 2);
    unchecked((code[start] = instruction(op, operand)));
  }
}

function isNameUnit(unit: u32, first: bool): bool {
  if ((unit | 0x20) - 0x61 < 26 || unit == 0x5f || unit == 0x24) return true;
  return !first && unit - 0x30 < 10;
}
