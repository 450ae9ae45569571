// Where a log line comes from: Envoy's log has no place for it, so a build for development puts it
// before the text, in a form that whoever shows the log takes off again:
//
//   U+0001 file:line:column U+0001 text
import type { SyntaxTree, Transform } from "assemblyscript/asc";
import type { Node } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { placeOf } from "./code-frame.ts";
import { MARK } from "./log-position.ts";
import { PACKAGE } from "./sources.ts";
import type { Sources } from "./sources.ts";

const METHODS = new Set(["trace", "debug", "info", "warn", "error", "critical"]);

interface CallNode extends Node {
  readonly expression: Node & { readonly expression: Name; readonly property: Name };
  args: Node[];
}
interface Name {
  readonly text?: string;
}
interface ImportNode extends Node {
  readonly path: { readonly value: string };
  readonly declarations: readonly { readonly name: Name; readonly foreignName: Name }[] | null;
}

/** Adds its place to what each call of `log.info(text)` and its like logs, in the author's files. */
export class LogPositions implements Transform {
  constructor(private readonly sources: Sources) {}

  afterParse(parser: { readonly sources: readonly SyntaxTree[] }): void {
    for (const tree of parser.sources) {
      if (!this.sources.isAuthors(tree.normalizedPath)) continue;
      const name = importedAs(tree);
      if (name === null) continue;
      for (const call of callsOf(tree.statements, name)) addPosition(call, tree);
    }
  }
}

/** What the SDK's `log` is called in a file; null where it is not imported. */
function importedAs(tree: SyntaxTree): string | null {
  for (const statement of tree.statements) {
    if (!("declarations" in statement && "path" in statement)) continue;
    const { path, declarations } = statement as ImportNode;
    if (path.value !== PACKAGE) continue;
    const found = declarations?.find(({ foreignName }) => foreignName.text === "log");
    if (found?.name.text !== undefined) return found.name.text;
  }
  return null;
}

/** All the calls of the methods of `name`. A syntax tree has no cycles but through `range`. */
function* callsOf(root: readonly Node[], name: string): Generator<CallNode> {
  const left: unknown[] = [...root];
  for (let each = left.pop(); each !== undefined; each = left.pop()) {
    if (typeof each !== "object" || each === null) continue;
    if (Array.isArray(each)) {
      left.push(...(each as readonly unknown[]));
      continue;
    }
    for (const [key, value] of Object.entries(each)) if (key !== "range") left.push(value);
    if (isLogCall(each as Node, name)) yield each as CallNode;
  }
}

function isLogCall(node: Node, name: string): node is CallNode {
  if (node.kind !== assemblyscript.NodeKind.Call) return false;
  const { expression: callee, args } = node as CallNode;
  return (
    callee.kind === assemblyscript.NodeKind.PropertyAccess &&
    callee.expression.text === name &&
    METHODS.has(callee.property.text ?? "") &&
    args.length === 1
  );
}

function addPosition(call: CallNode, tree: SyntaxTree): void {
  const [text] = call.args;
  if (text === undefined) return;
  const { Node, Token } = assemblyscript;
  const { file, line, column } = placeOf(tree.normalizedPath, tree.text, call.range.start);
  const mark = `${MARK}${file}:${line}:${column}${MARK}`;
  const literal = Node.createStringLiteralExpression(mark, text.range);
  const whole = Node.createParenthesizedExpression(text, text.range);
  call.args = [Node.createBinaryExpression(Token.Plus, literal, whole, text.range)];
}
