// Metadata as Envoy serialises it (envoy.config.core.v3.Metadata, google.protobuf.Struct) to JSON.
import { ProtobufReader } from "../std/protobuf/reader";

/**
 * The members of the object that `metadata` has under `namespace`, as JSON without the braces around
 * them; `""` when there are none, or the bytes are no metadata. Never traps.
 */
export function membersOf(metadata: Uint8Array, namespace: string): string {
  const reader = new ProtobufReader(metadata);
  let members = "";
  while (reader.next()) {
    if (reader.field != 1) continue; // map<string, Struct> filter_metadata
    const entry = reader.message();
    let isWanted = false;
    let found = "";
    while (entry.next()) {
      if (entry.field == 1) isWanted = entry.string() == namespace;
      else if (entry.field == 2) found = struct(entry.message());
    }
    if (isWanted) members = found;
  }
  return reader.error === null ? members : "";
}

/** The members of a Struct. */
function struct(reader: ProtobufReader): string {
  let members = "";
  while (reader.next()) {
    if (reader.field != 1) continue; // map<string, Value> fields
    const entry = reader.message();
    let key = "";
    let value = "null";
    while (entry.next()) {
      if (entry.field == 1) key = entry.string();
      else if (entry.field == 2) value = valueOf(entry.message());
    }
    if (members.length > 0) members += ",";
    members += quoted(key) + ":" + value;
  }
  return members;
}

/** A Value. */
function valueOf(reader: ProtobufReader): string {
  let value = "null";
  while (reader.next()) {
    switch (reader.field) {
      case 2:
        value = numberOf(reader.double());
        break;
      case 3:
        value = quoted(reader.string());
        break;
      case 4:
        value = reader.bool() ? "true" : "false";
        break;
      case 5:
        value = "{" + struct(reader.message()) + "}";
        break;
      case 6:
        value = "[" + list(reader.message()) + "]";
        break;
    }
  }
  return value;
}

/** The items of a ListValue. */
function list(reader: ProtobufReader): string {
  let items = "";
  while (reader.next()) {
    if (reader.field != 1) continue;
    if (items.length > 0) items += ",";
    items += valueOf(reader.message());
  }
  return items;
}

/** A number; whole ones without a fraction, what JSON has no number for as null. */
function numberOf(value: f64): string {
  if (!isFinite(value)) return "null";
  const whole = <i64>value;
  return abs(value) <= <f64>f64.MAX_SAFE_INTEGER && <f64>whole == value
    ? whole.toString()
    : value.toString();
}

/** A text in quotes, with the escapes that JSON asks for. */
function quoted(text: string): string {
  let escaped = '"';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit != 0x22 && unit != 0x5c) continue;
    escaped += text.substring(from, i);
    escaped += unit < 0x20 ? (unit < 0x10 ? "\\u000" : "\\u00") + unit.toString(16) : "\\";
    from = unit < 0x20 ? i + 1 : i;
  }
  return escaped + text.substring(from) + '"';
}
