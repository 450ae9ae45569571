// What is put in the place of a match: `$1`, `$<name>`, `$&` and `$$` as in JavaScript.
import { groupNamed } from "./match";

/** A literal part, and the group that follows it. */
class Piece {
  constructor(
    /** Where the literal part begins and ends in the template. */
    readonly start: i32,
    readonly end: i32,
    /** -1: none. */
    readonly group: i32,
  ) {}
}

/** A replacement, read once for all matches. */
export class Template {
  private readonly pieces: Piece[] = [];

  constructor(
    private readonly text: string,
    names: string[],
  ) {
    let start = 0;
    let i = text.indexOf("$");
    while (i >= 0) {
      const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      let end = i + 2;
      let group = -1;
      if (next == 0x24) {
        // The first $ is literal, the second is gone.
        this.add(start, i + 1, -1);
        start = end;
      } else if (next == 0x26) {
        group = 0;
      } else if (next - 0x30 < 10) {
        group = next - 0x30;
        const digit = end < text.length ? text.charCodeAt(end) - 0x30 : -1;
        if (<u32>digit < 10 && group * 10 + digit < names.length && group * 10 + digit > 0) {
          group = group * 10 + digit;
          end++;
        }
        if (group == 0 || group >= names.length) group = -1;
      } else if (next == 0x3c) {
        const close = text.indexOf(">", end);
        if (close >= 0 && hasNames(names)) {
          group = groupNamed(names, text.substring(end, close));
          end = close + 1;
          // The name of no group stands for nothing.
          if (group < 0) {
            this.add(start, i, -1);
            start = end;
          }
        } else {
          end = i + 1;
        }
      } else {
        end = i + 1;
      }
      if (group >= 0) {
        this.add(start, i, group);
        start = end;
      }
      i = text.indexOf("$", end);
    }
    this.add(start, text.length, -1);
  }

  private add(start: i32, end: i32, group: i32): void {
    this.pieces.push(new Piece(start, end, group));
  }

  /** Writes it for a match in `from`. */
  write(match: StaticArray<i32>, from: string, to: TextBuilder): void {
    for (let i = 0; i < this.pieces.length; i++) {
      const piece = unchecked(this.pieces[i]);
      to.append(this.text, piece.start, piece.end);
      const group = piece.group << 1;
      // Also false for -2.
      if (group >= 0 && unchecked(match[group + 1]) >= 0)
        to.append(from, unchecked(match[group]), unchecked(match[group + 1]));
    }
  }
}

/** A text that is put together of parts of others. */
export class TextBuilder {
  /** Longer than what is written, until `text` cuts it. */
  private room: string;
  private length: i32 = 0;
  /** Whether it would have been longer than it may be. */
  isFull: bool = false;

  /** `size` is what it is likely to take, `maxLength` what it may. */
  constructor(
    size: i32,
    private readonly maxLength: i32,
  ) {
    this.room = newText(min(size, max(maxLength, 0)));
  }

  /** Adds the part of a text from `start` to before `end`. */
  append(text: string, start: i32, end: i32): void {
    const size = end - start;
    if (size > this.maxLength - this.length) this.isFull = true;
    if (this.isFull) return;
    const length = this.length + size;
    if (length > this.room.length) {
      const room = newText(
        <i32>min<i64>(max<i64>(<i64>this.room.length * 2, length), this.maxLength),
      );
      this.copy(this.room, 0, this.length, changetype<usize>(room));
      this.room = room;
    }
    this.copy(text, start, size, changetype<usize>(this.room) + ((<usize>this.length) << 1));
    this.length = length;
  }

  /** What was put together. */
  text(): string {
    return this.length == this.room.length ? this.room : this.room.substring(0, this.length);
  }

  private copy(text: string, start: i32, size: i32, to: usize): void {
    memory.copy(to, changetype<usize>(text) + ((<usize>start) << 1), (<usize>size) << 1);
  }
}

function newText(size: i32): string {
  return changetype<string>(__new((<usize>size) << 1, idof<string>()));
}

function hasNames(names: string[]): bool {
  for (let i = 0; i < names.length; i++) {
    if (unchecked(names[i]) != "") return true;
  }
  return false;
}
