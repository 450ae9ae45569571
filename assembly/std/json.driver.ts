// What json.test.ts and its neighbours call: the API of `Json`, with nodes as handles.
import { Json, JsonKind, JsonOptions } from "./json";

const nodes: Json[] = [];

function handle(node: Json | null): i32 {
  return node ? nodes.push(node) - 1 : -1;
}

/** Forgets all nodes. */
export function reset(): void {
  nodes.length = 0;
}

export function parse(text: string): i32 {
  return handle(Json.parse(text));
}

export function parseWith(text: string, maxDepth: i32, maxValues: i32, duplicates: bool): i32 {
  const options = new JsonOptions();
  options.maxDepth = maxDepth;
  options.maxValues = maxValues;
  options.allowDuplicateKeys = duplicates;
  return handle(Json.parse(text, options));
}

export function error(node: i32): string | null {
  return nodes[node].error;
}

export function errorOffset(node: i32): i32 {
  return nodes[node].errorOffset;
}

export function kind(node: i32): i32 {
  return nodes[node].kind;
}

export function isNull(node: i32): bool {
  return nodes[node].isNull;
}

export function path(node: i32): string {
  return nodes[node].path;
}

export function length(node: i32): i32 {
  return nodes[node].length;
}

export function at(node: i32, index: i32): i32 {
  return handle(nodes[node].at(index));
}

export function keyAt(node: i32, index: i32): string {
  return nodes[node].keyAt(index);
}

export function has(node: i32, key: string): bool {
  return nodes[node].has(key);
}

export function get(node: i32, key: string): i32 {
  return handle(nodes[node].get(key));
}

export function required(node: i32, key: string): i32 {
  return handle(nodes[node].required(key));
}

export function array(node: i32, key: string): i32 {
  return handle(nodes[node].array(key));
}

export function object(node: i32, key: string): i32 {
  return handle(nodes[node].object(key));
}

export function stringOf(node: i32, key: string, fallback: string): string {
  return nodes[node].string(key, fallback);
}

export function boolOf(node: i32, key: string, fallback: bool): bool {
  return nodes[node].bool(key, fallback);
}

export function integerOf(node: i32, key: string, fallback: i64): i64 {
  return nodes[node].integer(key, fallback);
}

export function integerOfWithin(node: i32, key: string, fallback: i64, min: i64, max: i64): i64 {
  return nodes[node].integer(key, fallback, min, max);
}

export function numberOf(node: i32, key: string, fallback: f64): f64 {
  return nodes[node].number(key, fallback);
}

export function asString(node: i32): string {
  return nodes[node].asString();
}

export function asBool(node: i32): bool {
  return nodes[node].asBool();
}

export function asInteger(node: i32): i64 {
  return nodes[node].asInteger();
}

export function asIntegerWithin(node: i32, min: i64, max: i64): i64 {
  return nodes[node].asInteger(min, max);
}

export function asNumber(node: i32): f64 {
  return nodes[node].asNumber();
}

export function durationOf(node: i32, key: string, fallback: i64): i64 {
  return nodes[node].duration(key, fallback);
}

export function durationOfWithin(node: i32, key: string, fallback: i64, min: i64, max: i64): i64 {
  return nodes[node].duration(key, fallback, min, max);
}

export function nanosecondsOf(node: i32, key: string, fallback: i64): i64 {
  return nodes[node].nanoseconds(key, fallback);
}

export function asDuration(node: i32): i64 {
  return nodes[node].asDuration();
}

export function asNanosecondsWithin(node: i32, min: i64, max: i64): i64 {
  return nodes[node].asNanoseconds(min, max);
}

export function asArray(node: i32): i32 {
  return handle(nodes[node].asArray());
}

export function asObject(node: i32): i32 {
  return handle(nodes[node].asObject());
}

/** `keys` parted by line breaks. */
export function onlyKeys(node: i32, keys: string): void {
  nodes[node].onlyKeys(keys.split("\n"));
}

export function fail(node: i32, message: string): void {
  nodes[node].fail(message);
}

/**
 * All that is below a node, for comparison. Each value is a letter and what follows it:
 * `z` null, `t` true, `f` false, `n` 16 hex digits of the double, `s` length `:` text,
 * `a` length `:` values, `o` length `:` (key as a string, value) pairs.
 */
export function dump(node: i32): string {
  const parts: string[] = [];
  write(nodes[node], parts);
  return parts.join("");
}

function write(node: Json, parts: string[]): void {
  switch (node.kind) {
    case JsonKind.Null:
      parts.push("z");
      break;
    case JsonKind.Boolean:
      parts.push(node.asBool() ? "t" : "f");
      break;
    case JsonKind.Number:
      parts.push("n" + reinterpret<u64>(node.asNumber()).toString(16).padStart(16, "0"));
      break;
    case JsonKind.String:
      writeString(node.asString(), parts);
      break;
    case JsonKind.Array:
      parts.push("a" + node.length.toString() + ":");
      for (let i = 0; i < node.length; i++) write(node.at(i), parts);
      break;
    case JsonKind.Object:
      parts.push("o" + node.length.toString() + ":");
      for (let i = 0; i < node.length; i++) {
        writeString(node.keyAt(i), parts);
        write(node.at(i), parts);
      }
      break;
  }
}

function writeString(text: string, parts: string[]): void {
  parts.push("s" + text.length.toString() + ":");
  parts.push(text);
}
