// Search and replace in bytes that arrive in parts, where a needle may be cut in two.
//
// Needles are a tree, a byte a node. At each place where one can begin the tree is followed as far
// as the bytes go along with it; the last end of a needle that was passed is the match. Where the
// part ends on the way, the bytes from that place on are held back, until the next part tells.
import { utf8Encode } from "./utf8";

/** One byte of a needle. */
class Node {
  /** The first of the nodes that may come next, and the next of those that may come here instead. */
  child: Node | null = null;
  sibling: Node | null = null;
  /** What replaces the needle that ends here. */
  replacement: Uint8Array | null = null;

  constructor(
    readonly byte: u8,
    /** How many bytes the needle has up to here. */
    readonly length: i32,
  ) {}

  /** The node of a byte among those that may come next. */
  next(byte: u8): Node | null {
    let node = this.child;
    while (node != null && node.byte != byte) node = node.sibling;
    return node;
  }
}

/**
 * What to look for in streams, and what to put in its place: made once, in `onConfigure` say, for all
 * streams. Of needles that begin at the same place the longest one is replaced; the next is looked
 * for behind it. What was put in the place of a needle is not looked at again.
 *
 * ```ts
 * const needles = new Needles();
 * needles.add("http://internal.example", "https://www.example");
 * ```
 */
@final
export class Needles {
  /** The tree. @internal */
  readonly __root: Node = new Node(0, 0);
  /** The bytes that a needle begins with. @internal */
  readonly __first: StaticArray<bool> = new StaticArray<bool>(256);

  /** `maxLength`: how many bytes a needle may have; one less is what a stream may hold back. */
  constructor(private readonly maxLength: i32 = 1024) {}

  /**
   * Adds a needle; not while streams are on their way. False, and nothing is added, where it is
   * empty, longer than `maxLength` (in UTF-8), or there already. Never traps.
   */
  add(needle: string, replacement: string): bool {
    return this.addBytes(utf8Encode(needle), utf8Encode(replacement));
  }

  /** As `add`, with bytes; leave those of the replacement as they are. Never traps. */
  addBytes(needle: Uint8Array, replacement: Uint8Array): bool {
    if (!needle.length || needle.length > this.maxLength) return false;
    let node = this.__root;
    for (let i = 0; i < needle.length; i++) {
      const byte = unchecked(needle[i]);
      let next = node.next(byte);
      if (next == null) {
        next = new Node(byte, i + 1);
        next.sibling = node.child;
        node.child = next;
      }
      node = next;
    }
    if (node.replacement != null) return false;
    node.replacement = replacement;
    unchecked((this.__first[needle[0]] = true));
    return true;
  }
}

/**
 * Replaces needles in one stream of bytes, whatever parts it comes in.
 *
 * ```ts
 * class Rewrite extends HttpFilter {
 *   private readonly replacer: StreamReplacer;
 *
 *   constructor(needles: Needles) {
 *     super();
 *     this.replacer = new StreamReplacer(needles);
 *   }
 *
 *   override onResponseBody(body: ResponseBody): BodyAction {
 *     body.replaceBytes(this.replacer.push(body.bytes(), body.endOfStream));
 *     return BodyAction.Continue;
 *   }
 * }
 * ```
 *
 * It holds back as many bytes as the longest needle has, less one, at most, and takes time in
 * proportion to the bytes, times the longest needle at worst. A body gets another length: take
 * `content-length` out of the headers before they go on. Where trailers end a body, no part of it is
 * the last one, and Envoy takes no bytes for it then unless it holds some: what `heldBack` counts is
 * lost. `BodyReplacer` lets Envoy hold a part where that may happen.
 */
@final
export class StreamReplacer {
  /** How many needles were replaced so far. */
  count: u32 = 0;
  /** Whether a part would have become longer than it may be: nothing comes out from there on. */
  isFull: bool = false;

  /** The end of the parts so far, which may be the start of a needle. */
  private held: Uint8Array = new Uint8Array(0);
  /** What this part becomes, and how much of it there is. */
  private output: Uint8Array = new Uint8Array(0);
  private size: i32 = 0;
  /** Where the needle that was found ends. */
  private found: Node | null = null;

  /** `maxOutput`: how many bytes one part may become; see `isFull`. */
  constructor(
    private readonly needles: Needles,
    private readonly maxOutput: i32 = 16 * 1024 * 1024,
  ) {}

  /** How many bytes are held back. */
  get heldBack(): i32 {
    return this.held.length;
  }

  /**
   * Takes the next part; answers what can go on: the bytes up to where a needle may have begun, or
   * all with `isLast`. It may be `part` itself, where there is nothing to do. Never traps.
   */
  push(part: Uint8Array, isLast: bool = false): Uint8Array {
    if (this.isFull) return new Uint8Array(0);
    const input = this.held.length ? join(this.held, part) : part;
    const end = input.dataStart + input.length;
    this.size = 0;
    const count = this.count;
    // What is before `copied` is in the output; what is before `at` is decided.
    let copied = input.dataStart;
    let at = copied;
    while ((at = this.skip(at, end)) < end && this.look(at, end, isLast)) {
      const found = this.found;
      if (found == null) {
        at++;
        continue;
      }
      const replacement = found.replacement!;
      this.append(copied, at - copied);
      this.append(replacement.dataStart, replacement.length);
      at += found.length;
      copied = at;
      this.count++;
    }
    if (this.count == count && at == end) {
      this.held = new Uint8Array(0);
      return input;
    }
    this.append(copied, at - copied);
    this.held = input.slice(<i32>(at - input.dataStart));
    const output = this.output;
    this.output = new Uint8Array(0);
    return output.subarray(0, this.size);
  }

  /** Ends the stream; answers what was held back. For streams whose last part says so: `isLast`. */
  finish(): Uint8Array {
    return this.push(new Uint8Array(0), true);
  }

  /** The first place from `from` on where a needle can begin; `end` where there is none. */
  private skip(from: usize, end: usize): usize {
    const first = changetype<usize>(this.needles.__first);
    while (from < end && !load<bool>(first + load<u8>(from))) from++;
    return from;
  }

  /** Looks for a needle at `from`; false where that depends on what comes behind `end`. */
  private look(from: usize, end: usize, isLast: bool): bool {
    this.found = null;
    let node: Node | null = this.needles.__root;
    for (let at = from; at < end; at++) {
      node = node.next(load<u8>(at));
      if (node == null) return true;
      if (node.replacement != null) this.found = node;
    }
    return isLast || node.child == null;
  }

  private append(data: usize, size: usize): void {
    if (<i64>this.size + size > this.maxOutput) this.isFull = true;
    if (this.isFull || !size) return;
    const length = this.size + <i32>size;
    if (length > this.output.length) {
      const room = max<i64>(<i64>this.output.length * 2, length);
      const output = new Uint8Array(<i32>min<i64>(room, this.maxOutput));
      memory.copy(output.dataStart, this.output.dataStart, this.size);
      this.output = output;
    }
    memory.copy(this.output.dataStart + this.size, data, size);
    this.size = length;
  }
}

/** Two parts as one. */
function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  memory.copy(bytes.dataStart, first.dataStart, first.length);
  memory.copy(bytes.dataStart + first.length, second.dataStart, second.length);
  return bytes;
}
