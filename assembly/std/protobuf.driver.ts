// What protobuf.test.ts calls. The low five bits of a field's number say what the driver takes the
// field for, as a schema would.
import { ProtobufReader, ProtobufWriter, WireType } from "./protobuf";

let lines: string[] = [];
let reader: ProtobufReader = new ProtobufReader(new Uint8Array(0));

/** All fields of a message that a type is known for: a line each, of its number and its value. */
export function dump(bytes: ArrayBuffer, maxDepth: i32): string {
  lines = [];
  reader = new ProtobufReader(Uint8Array.wrap(bytes), maxDepth);
  dumpMessage(reader);
  return lines.join("\n");
}

/** With the default of the depth, and nothing asked for. */
export function skim(bytes: ArrayBuffer): i32 {
  reader = new ProtobufReader(Uint8Array.wrap(bytes));
  let count = 0;
  while (reader.next()) count++;
  return count;
}

export function error(): string | null {
  return reader.error;
}

export function errorOffset(): i32 {
  return reader.errorOffset;
}

/** Asks for everything before the first field and after the last one. */
export function askOutside(bytes: ArrayBuffer): string {
  const outside = new ProtobufReader(Uint8Array.wrap(bytes));
  lines = [];
  for (let i: u32 = 0; i < 2; i++) {
    for (let kind: u32 = 1; kind < 20; kind++) dumpValue(outside, kind);
    while (outside.next()) continue;
  }
  return lines.join("\n");
}

function dumpMessage(message: ProtobufReader): void {
  while (message.next()) {
    const kind = message.field & 31;
    if (kind == 15) {
      lines.push(message.field.toString() + " {");
      dumpMessage(message.message());
      lines.push("}");
    } else if (kind) {
      dumpValue(message, kind);
    }
  }
}

function dumpValue(message: ProtobufReader, kind: u32): void {
  let value = "";
  switch (kind) {
    case 1:
      value = message.int32().toString();
      break;
    case 2:
      value = message.int64().toString();
      break;
    case 3:
      value = message.uint32().toString();
      break;
    case 4:
      value = message.uint64().toString();
      break;
    case 5:
      value = message.sint32().toString();
      break;
    case 6:
      value = message.sint64().toString();
      break;
    case 7:
      value = message.bool().toString();
      break;
    case 8:
      value = message.fixed32().toString();
      break;
    case 9:
      value = message.sfixed32().toString();
      break;
    case 10:
      value = reinterpret<u32>(message.float()).toString();
      break;
    case 11:
      value = message.fixed64().toString();
      break;
    case 12:
      value = message.sfixed64().toString();
      break;
    case 13:
      value = reinterpret<u64>(message.double()).toString();
      break;
    case 14:
      value = message.bytes().join(",");
      break;
    case 16:
      value = message.string();
      break;
    case 17:
      value = packed(message.packed(WireType.Varint));
      break;
    case 18:
      value = packed(message.packed(WireType.Fixed32));
      break;
    case 19:
      value = packed(message.packed(WireType.LengthDelimited));
      break;
    default:
      return;
  }
  lines.push(message.field.toString() + " " + value);
}

function packed(items: ProtobufReader): string {
  let value = "";
  while (items.next()) {
    const isVarint = items.wireType == WireType.Varint;
    value += (isVarint ? items.uint64() : <u64>items.fixed32()).toString() + ",";
  }
  return items.field.toString() + ":" + value;
}

let open: ProtobufWriter[] = [];

/** Begins a message, in the one that is open or by itself. */
export function begin(maxSize: i32): void {
  open.push(maxSize < 0 ? new ProtobufWriter() : new ProtobufWriter(maxSize));
}

/** Ends a message and writes it into the one around it. */
export function end(field: u32): void {
  const inner = open.pop();
  open[open.length - 1].message(field, inner);
}

/** Writes the open message into itself. */
export function repeat(field: u32): void {
  const writer = open[open.length - 1];
  writer.message(field, writer);
}

export function writerError(): string | null {
  return open[open.length - 1].error;
}

/** The bytes of the outermost message, which stays open. */
export function finish(): ArrayBuffer {
  return open[0].finish().buffer;
}

export function reset(): void {
  open = [];
}

export function writeBytes(field: u32, value: ArrayBuffer): void {
  open[open.length - 1].bytes(field, Uint8Array.wrap(value));
}

export function writeString(field: u32, value: string): void {
  open[open.length - 1].string(field, value);
}

/** Writes a number from its bits, of the type with that number. */
export function writeNumber(kind: u32, field: u32, bits: u64): void {
  const writer = open[open.length - 1];
  switch (kind) {
    case 1:
      writer.int32(field, <i32>bits);
      break;
    case 2:
      writer.int64(field, <i64>bits);
      break;
    case 3:
      writer.uint32(field, <u32>bits);
      break;
    case 4:
      writer.uint64(field, bits);
      break;
    case 5:
      writer.sint32(field, <i32>bits);
      break;
    case 6:
      writer.sint64(field, <i64>bits);
      break;
    case 7:
      writer.bool(field, bits != 0);
      break;
    case 8:
      writer.fixed32(field, <u32>bits);
      break;
    case 9:
      writer.sfixed32(field, <i32>bits);
      break;
    case 10:
      writer.float(field, reinterpret<f32>(<u32>bits));
      break;
    case 11:
      writer.fixed64(field, bits);
      break;
    case 12:
      writer.sfixed64(field, <i64>bits);
      break;
    case 13:
      writer.double(field, reinterpret<f64>(bits));
      break;
  }
}
