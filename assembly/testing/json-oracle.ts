// Node's JSON.parse beside ours.
import assert from "node:assert/strict";
import type { JsonNode, Value } from "./json-client.ts";

/** What `JSON.parse` makes of a text; `undefined` when it refuses it. */
export function parseWithNode(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Asserts that our value is Node's, to the last bit of its numbers; of a key that an object has
 * twice, the last one counts.
 */
export function assertSameValue(ours: Value, node: unknown, path = "$"): void {
  if (typeof ours !== "object" || ours === null) {
    assert.ok(Object.is(ours, node), `${path}: ${String(ours)} where Node has ${String(node)}`);
    return;
  }
  if (Array.isArray(ours)) {
    assert.ok(Array.isArray(node), `${path}: an array where Node has none`);
    assert.equal(ours.length, node.length, `${path}: length`);
    ours.forEach((item, i) => {
      assertSameValue(item, node[i], `${path}[${i}]`);
    });
    return;
  }
  assert.ok(
    typeof node === "object" && node !== null && !Array.isArray(node),
    `${path}: an object where Node has none`,
  );
  const members = new Map(ours.members);
  assert.deepEqual([...members.keys()].sort(), Object.keys(node).sort(), `${path}: keys`);
  for (const [key, value] of members) {
    assertSameValue(
      value,
      Object.getOwnPropertyDescriptor(node, key)?.value,
      `${path}[${JSON.stringify(key)}]`,
    );
  }
}

/** Whether an object somewhere in the value has the same key twice. */
export function hasDuplicateKey(value: Value): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasDuplicateKey);
  const keys = new Set(value.members.map(([key]) => key));
  return (
    keys.size < value.members.length || value.members.some(([, member]) => hasDuplicateKey(member))
  );
}

/**
 * Asserts what reading every value of an accepted document must come to: Node's value, or, for a
 * number beyond the largest double, an error where Node answers an infinity.
 */
export function assertSameReading(root: JsonNode, node: unknown): Value {
  const value = root.value();
  const { error } = root;
  if (error === null) {
    assertSameValue(value, node);
  } else {
    const found = /: expected a number that fits in 64 bits, found (-?\d.*)$/.exec(error)?.[1];
    assert.ok(
      found !== undefined && (found.endsWith("...") || !Number.isFinite(Number(found))),
      error,
    );
  }
  return value;
}
