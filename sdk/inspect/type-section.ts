import type { ByteReader } from "./byte-reader.ts";

/** What engines take at most: the JS API names these limits, and V8 keeps them. */
const MOST_TYPES = 1_000_000;
const MOST_PARAMETERS = 1_000;
const MOST_RESULTS = 1_000;
const MOST_FIELDS = 10_000;

/** How a type is shown that uses a form of the binary format that is not known here. */
export const UNKNOWN_TYPE = "?";

/** Thrown when a type is written in a form that is not known here: a proposal of tomorrow. */
class UnknownForm extends Error {}

const NUMBER_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);

/** Reference types that are one byte, by that byte; and by the same byte, what they refer to. */
const REFERENCE_TYPES: ReadonlyMap<number, readonly [reference: string, heap: string]> = new Map([
  [0x75, ["nullcontref", "nocont"]],
  [0x74, ["nullexnref", "noexn"]],
  [0x73, ["nullfuncref", "nofunc"]],
  [0x72, ["nullexternref", "noextern"]],
  [0x71, ["nullref", "none"]],
  [0x70, ["funcref", "func"]],
  [0x6f, ["externref", "extern"]],
  [0x6e, ["anyref", "any"]],
  [0x6d, ["eqref", "eq"]],
  [0x6c, ["i31ref", "i31"]],
  [0x6b, ["structref", "struct"]],
  [0x6a, ["arrayref", "array"]],
  [0x69, ["exnref", "exn"]],
  [0x68, ["contref", "cont"]],
]);

const Form = {
  ReferenceOrNull: 0x63,
  Reference: 0x64,
  Function: 0x60,
  Struct: 0x5f,
  Array: 0x5e,
  Continuation: 0x5d,
  Subtype: 0x50,
  FinalSubtype: 0x4f,
  RecursiveGroup: 0x4e,
  PackedI8: 0x78,
  PackedI16: 0x77,
} as const;

/** Reads a value type and gives its text. */
function valueType(reader: ByteReader): string {
  const byte = reader.u8();
  const number = NUMBER_TYPES.get(byte);
  if (number !== undefined) return number;
  const reference = REFERENCE_TYPES.get(byte);
  if (reference !== undefined) return reference[0];
  if (byte === Form.ReferenceOrNull) return `(ref null ${heapType(reader)})`;
  if (byte === Form.Reference) return `(ref ${heapType(reader)})`;
  throw new UnknownForm();
}

function heapType(reader: ByteReader): string {
  const code = reader.s33();
  if (code >= 0) return String(code);
  const heap = code >= -0x80 ? REFERENCE_TYPES.get(code & 0x7f) : undefined;
  if (heap === undefined) throw new UnknownForm();
  return heap[1];
}

/**
 * Reads a value type, or gives `?` for a form that is not known: how long that is cannot be told, so
 * nothing behind it can be read.
 */
export function valueTypeOrUnknown(reader: ByteReader): string {
  try {
    return valueType(reader);
  } catch (error) {
    if (error instanceof UnknownForm) return UNKNOWN_TYPE;
    throw error;
  }
}

/** The types that a module declares. Their text is made only when it is asked for. */
export class TypeSection {
  readonly #reader: ByteReader | null;
  /** Where each type starts, behind its form; -1 for those that are no function type. */
  readonly #offsets: number[] = [];
  readonly #texts = new Map<number, string>();
  /** False when a form was met that is not known: the types behind it cannot be told. */
  readonly #complete: boolean;

  /** `reader` is at the start of the section's contents; null when the module has none. */
  constructor(reader: ByteReader | null) {
    this.#reader = reader;
    this.#complete = reader === null || this.#readAll(reader);
  }

  /** The text of function type `index`, which was read before the reader's current place. */
  functionType(index: number, usedBy: ByteReader): string {
    const offset = this.#offsets[index];
    if (offset === undefined) {
      if (!this.#complete) return UNKNOWN_TYPE;
      return usedBy.fail(`there is no type ${index}`);
    }
    if (offset < 0 || this.#reader === null)
      return usedBy.fail(`type ${index} is no function type`);
    const known = this.#texts.get(index);
    if (known !== undefined) return known;
    const reader = this.#reader.at(offset);
    const parameters = valueTypes(reader, "parameters", MOST_PARAMETERS);
    const results = valueTypes(reader, "results", MOST_RESULTS);
    const result = results.length === 1 ? results.join() : `(${results.join(", ")})`;
    const text = `(${parameters.join(", ")}) -> ${result}`;
    this.#texts.set(index, text);
    return text;
  }

  #readAll(reader: ByteReader): boolean {
    try {
      const groups = reader.count("types", MOST_TYPES);
      for (let group = 0; group < groups; group++) this.#group(reader);
    } catch (error) {
      if (error instanceof UnknownForm) return false;
      throw error;
    }
    reader.expectEnd();
    return true;
  }

  #group(reader: ByteReader): void {
    if (reader.peek() !== Form.RecursiveGroup) {
      this.#type(reader);
      return;
    }
    reader.u8();
    const members = reader.count("types", MOST_TYPES - this.#offsets.length);
    for (let member = 0; member < members; member++) this.#type(reader);
  }

  #type(reader: ByteReader): void {
    let form = reader.u8();
    if (form === Form.Subtype || form === Form.FinalSubtype) {
      const supertypes = reader.count("supertypes", 1);
      for (let supertype = 0; supertype < supertypes; supertype++) reader.u32();
      form = reader.u8();
    }
    const { offset } = reader;
    switch (form) {
      case Form.Function:
        valueTypes(reader, "parameters", MOST_PARAMETERS);
        valueTypes(reader, "results", MOST_RESULTS);
        break;
      case Form.Struct: {
        const fields = reader.count("fields", MOST_FIELDS);
        for (let field = 0; field < fields; field++) fieldType(reader);
        break;
      }
      case Form.Array:
        fieldType(reader);
        break;
      case Form.Continuation:
        heapType(reader);
        break;
      default:
        throw new UnknownForm();
    }
    this.#offsets.push(form === Form.Function ? offset : -1);
  }
}

function valueTypes(reader: ByteReader, what: string, most: number): string[] {
  const types: string[] = [];
  for (let left = reader.count(what, most); left > 0; left--) types.push(valueType(reader));
  return types;
}

function fieldType(reader: ByteReader): void {
  const packed = reader.peek();
  if (packed === Form.PackedI8 || packed === Form.PackedI16) reader.u8();
  else valueType(reader);
  reader.u8(); // whether it may be changed
}
