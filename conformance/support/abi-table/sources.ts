// What the SDK itself has of enums, properties and foreign functions, read from assembly/.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../../sdk/package-root.ts";

/** A value of an enum. */
export interface EnumValue {
  readonly of: string;
  readonly name: string;
  readonly value: number;
}

/** Something that the SDK asks the host for by a text: a property's path, a foreign function's name. */
export interface Asked {
  readonly text: string;
  /** The file's name without its ending, and the function that asks. */
  readonly file: string;
  readonly by: string;
}

const ASSEMBLY = join(packageRoot(), "assembly");

function parsed(file: string): ts.SourceFile {
  const text = readFileSync(join(ASSEMBLY, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ASSEMBLY, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.(?:test|driver|d)\.ts$/.test(file))
    .map((file) => join(folder, file))
    .sort();
}

/** All values of all enums that are not of the helpers or of tests. */
export function enumValues(): readonly EnumValue[] {
  const found: EnumValue[] = [];
  for (const file of sourcesIn(".")) {
    if (/^(?:std|testing)\//.test(file)) continue;
    for (const statement of parsed(file).statements) {
      if (!ts.isEnumDeclaration(statement)) continue;
      for (const [index, member] of statement.members.entries()) {
        const value =
          member.initializer === undefined ? index : Number(member.initializer.getText());
        found.push({ of: statement.name.text, name: member.name.getText(), value });
      }
    }
  }
  return found;
}

/** The texts that are handed to the first parameter of calls and constructors, as a host is asked. */
function asked(folder: string, callee: RegExp): readonly Asked[] {
  const found: Asked[] = [];
  for (const file of sourcesIn(folder)) {
    const visit = (node: ts.Node, by: string): void => {
      const name =
        ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) ? node.name?.getText() : by;
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const [first] = node.arguments ?? [];
        if (
          first !== undefined &&
          ts.isStringLiteral(first) &&
          callee.test(node.expression.getText())
        )
          found.push({
            text: first.text,
            file: file.replace(/^.*\/|\.ts$/g, ""),
            by: name ?? "",
          });
      }
      ts.forEachChild(node, (child) => {
        visit(child, name ?? by);
      });
    };
    visit(parsed(file), "");
  }
  return found;
}

/** The properties that have a getter, `.` between the parts of the path. */
export function askedProperties(): readonly Asked[] {
  return asked("properties", /^(?:read\w+|Metadata|FilterState)$/).map((each) => ({
    ...each,
    text: each.text.replaceAll("\0", "."),
  }));
}

/** The foreign functions that have a typed form. */
export function askedFunctions(): readonly Asked[] {
  return asked("foreign", /^(?:call|callForStatus|convert|ask)$/);
}
