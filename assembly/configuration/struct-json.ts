// Metadata as Envoy serialises it (envoy.config.core.v3.Metadata, google.protobuf.Struct) to JSON.
import { JsonWriter } from "../std/json-writer";
import { ProtobufReader } from "../std/protobuf/reader";

/** Deeper than the reader of the JSON allows: that one is to say what is wrong. */
// @ts-ignore: decorator
@inline
const MAX_DEPTH: i32 = 1000;

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
    let found: ProtobufReader | null = null;
    while (entry.next()) {
      if (entry.field == 1) isWanted = entry.string() == namespace;
      else if (entry.field == 2) found = entry.message();
    }
    if (!isWanted) continue;
    const json = new JsonWriter(MAX_DEPTH).object();
    if (found !== null) writeMembers(json, found);
    members = json.end().finish().value.slice(1, -1);
  }
  return reader.error === null ? members : "";
}

/** Writes the members of a Struct. */
function writeMembers(json: JsonWriter, struct: ProtobufReader): void {
  while (struct.next()) {
    if (struct.field != 1) continue; // map<string, Value> fields
    const entry = struct.message();
    let value: ProtobufReader | null = null;
    let key = "";
    while (entry.next()) {
      if (entry.field == 1) key = entry.string();
      else if (entry.field == 2) value = entry.message();
    }
    json.key(key);
    if (value !== null) writeValue(json, value);
    else json.null();
  }
}

/** Writes a Value: of its fields only one is set, or, on the wire, the last one counts. */
function writeValue(json: JsonWriter, value: ProtobufReader): void {
  let field: u32 = 0;
  let number: f64 = 0;
  let text = "";
  let flag = false;
  let inner = value;
  while (value.next()) {
    if (value.field <= 6) field = value.field;
    if (value.field == 2) number = value.double();
    else if (value.field == 3) text = value.string();
    else if (value.field == 4) flag = value.bool();
    else if (value.field == 5 || value.field == 6) inner = value.message();
  }
  switch (field) {
    case 2:
      json.number(number);
      break;
    case 3:
      json.string(text);
      break;
    case 4:
      json.bool(flag);
      break;
    case 5:
      json.object();
      writeMembers(json, inner);
      json.end();
      break;
    case 6:
      json.array();
      while (inner.next()) {
        if (inner.field == 1) writeValue(json, inner.message());
      }
      json.end();
      break;
    default:
      json.null();
  }
}
