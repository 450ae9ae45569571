import { decodeUtf8 } from "../../runtime/text";

/**
 * Where a pattern was found. Positions count what was searched: UTF-16 units of a text, bytes of
 * bytes. It keeps what was searched, and reads groups from there when they are asked for.
 */
@final
export class RegexMatch {
  constructor(
    private readonly input: usize,
    private readonly text: string | null,
    private readonly bytes: Uint8Array | null,
    private readonly slots: StaticArray<i32>,
    private readonly names: string[],
  ) {}

  /** Where it begins. */
  get start(): i32 {
    return unchecked(this.slots[0]);
  }

  /** Where what comes after it begins. */
  get end(): i32 {
    return unchecked(this.slots[1]);
  }

  /** How many groups the pattern has, with group 0, which is all of the match. */
  get groupCount(): i32 {
    return this.names.length;
  }

  /** Where a group begins; -1 where it is not part of the match or there is none. */
  groupStart(group: i32): i32 {
    return this.groupEnd(group) < 0 ? -1 : unchecked(this.slots[group << 1]);
  }

  /** Where what comes after a group begins; -1 where it is not part of the match or there is none. */
  groupEnd(group: i32): i32 {
    return <u32>group < <u32>this.names.length ? unchecked(this.slots[(group << 1) + 1]) : -1;
  }

  /** What a group matched; `null` where it is not part of the match or there is none. */
  group(group: i32): string | null {
    const end = this.groupEnd(group);
    if (end < 0) return null;
    const start = unchecked(this.slots[group << 1]);
    const text = this.text;
    if (text != null) return text.substring(start, end);
    return decodeUtf8(this.input + start, end - start);
  }

  /** What the group `(?<name>...)` matched; `null` where it is not part of the match. */
  named(name: string): string | null {
    return this.group(groupNamed(this.names, name));
  }
}

/** The number of the group with a name; -1 where there is none. */
export function groupNamed(names: string[], name: string): i32 {
  return name == "" ? -1 : names.indexOf(name);
}
