// The part of AssemblyScript's syntax tree that is used here; tsconfig.json maps `assemblyscript` to
// this file, for the reason that asc.d.ts gives.
import type { Range } from "assemblyscript/asc";

/** A node of the syntax tree. */
export declare class Node {
  readonly kind: number;
  readonly range: Range;
  static createStringLiteralExpression(value: string, range: Range): Node;
  static createParenthesizedExpression(expression: Node, range: Range): Node;
  static createBinaryExpression(operator: number, left: Node, right: Node, range: Range): Node;
}

export declare const NodeKind: { readonly Call: number; readonly PropertyAccess: number };
export declare const Token: { readonly Plus: number };
