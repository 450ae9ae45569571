import { Json, JsonKind } from "../json";

/** The string that a node is; `null` when it is none. */
export function textOf(node: Json | null): string | null {
  return node && node.kind == JsonKind.String ? node.asString() : null;
}
