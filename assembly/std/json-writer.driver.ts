// What json-writer.test.ts calls: a program of calls on one writer, and JSON written anew.
import { Json, JsonKind, JsonOptions } from "./json";
import { JsonWriter } from "./json-writer";
import { bytesOf, lastError, lastOffset, valueOf } from "./result.driver";

export { lastError, lastOffset };

let writer: JsonWriter = new JsonWriter();

export function reset(): void {
  writer = new JsonWriter();
}

export function resetWith(maxDepth: i32, maxSize: i32): void {
  writer = new JsonWriter(maxDepth, maxSize);
}

export function writeObject(): void {
  writer.object();
}

export function writeArray(): void {
  writer.array();
}

export function writeEnd(): void {
  writer.end();
}

export function writeKey(name: string): void {
  writer.key(name);
}

export function writeString(value: string): void {
  writer.string(value);
}

export function writeNumber(value: f64): void {
  writer.number(value);
}

export function writeInteger(value: i64): void {
  writer.integer(value);
}

export function writeUnsigned(value: u64): void {
  writer.unsigned(value);
}

export function writeBool(value: bool): void {
  writer.bool(value);
}

export function writeNull(): void {
  writer.null();
}

export function writeRaw(text: string): void {
  writer.raw(text);
}

export function error(): string | null {
  return writer.error;
}

export function finish(): string {
  return valueOf(writer.finish());
}

export function finishBytes(): ArrayBuffer {
  return bytesOf(writer.finishBytes());
}

/** Writes each of the doubles as `number` does, parted by spaces. */
export function numbers(doubles: ArrayBuffer): string {
  const count = doubles.byteLength >> 3;
  const texts = new Array<string>(count);
  for (let i = 0; i < count; i++) {
    const value = load<f64>(changetype<usize>(doubles) + ((<usize>i) << 3));
    texts[i] = new JsonWriter().number(value).finish().value;
  }
  return texts.join(" ");
}

/** Writes an object of one string, which is key and value. */
export function member(text: string): string {
  return valueOf(new JsonWriter().object().key(text).string(text).end().finish());
}

/** Reads a text and writes it anew. */
export function rewrite(text: string): string {
  const options = new JsonOptions();
  options.maxDepth = 1000;
  options.allowDuplicateKeys = true;
  const writer = new JsonWriter(1000);
  write(Json.parse(text, options), writer);
  return valueOf(writer.finish());
}

function write(node: Json, writer: JsonWriter): void {
  switch (node.kind) {
    case JsonKind.Null:
      writer.null();
      break;
    case JsonKind.Boolean:
      writer.bool(node.asBool());
      break;
    case JsonKind.Number:
      writer.number(node.asNumber());
      break;
    case JsonKind.String:
      writer.string(node.asString());
      break;
    case JsonKind.Array:
      writer.array();
      for (let i = 0; i < node.length; i++) write(node.at(i), writer);
      writer.end();
      break;
    case JsonKind.Object:
      writer.object();
      for (let i = 0; i < node.length; i++) write(node.at(i), writer.key(node.keyAt(i)));
      writer.end();
      break;
  }
}
