// The tests of conformance/ by their names, read from the sources: what documents refer to must be there.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../sdk/package-root.ts";

/** One test, or one of many that are made from a template. */
export interface NamedTest {
  /** Of conformance/. */
  readonly file: string;
  /** What a reference to it says: its name, where what a template puts in can be anything. */
  readonly fits: (name: string) => boolean;
}

const FOLDER = join(packageRoot(), "conformance");

/** All tests of all files, those within others too. */
export function namedTests(): readonly NamedTest[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".test.ts"))
    .flatMap((file) => testsOf(file));
}

function testsOf(file: string): NamedTest[] {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const found: NamedTest[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const pattern = patternOf(node.arguments[0]);
      if (pattern !== null) found.push({ file, fits: (name) => pattern.test(name) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  return found;
}

/** `test(...)` and `t.test(...)`. */
function isTest(callee: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  return ts.isIdentifier(name) && name.text === "test";
}

/** How a test is built stands in brackets at the end of its name, and is left out where it is referred to. */
const HOW = / \($/;

function patternOf(name: ts.Expression | undefined): RegExp | null {
  if (name === undefined) return null;
  if (ts.isStringLiteralLike(name)) return new RegExp(`^${escaped(name.text)}$`);
  if (!ts.isTemplateExpression(name)) return null;
  const { head, templateSpans } = name;
  if (templateSpans.length === 1 && HOW.test(head.text)) {
    return new RegExp(`^${escaped(head.text.replace(HOW, ""))}$`);
  }
  const rest = templateSpans.map(({ literal }) => `.+${escaped(literal.text)}`);
  return new RegExp(`^${escaped(head.text)}${rest.join("")}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
