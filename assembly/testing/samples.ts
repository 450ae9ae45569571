// The samples in doc comments and guides, as programs that can be compiled. Most are fragments of a
// callback: what stands around them is made here, and what they use and do not declare.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../sdk/package-root.ts";

/** A sample: where it stands, and its text as it is shown. */
export interface Sample {
  /** The file and the line at which it begins. */
  readonly place: string;
  readonly text: string;
}

/** Whatever a fragment may use without declaring it. */
const AROUND = `
let text: string = "";
let path: string = "";
let token: string = "";
let name: string = "";
let port: u32 = 0;
let now: u64 = 0;
let bytes: Uint8Array = new Uint8Array(0);
let first: Uint8Array = bytes;
let second: Uint8Array = bytes;
let message: Uint8Array = bytes;
let received: Uint8Array = bytes;
let key: Uint8Array = bytes;
let config: Json = Json.parse("{}");
let verifier: JwtVerifier = new JwtVerifier();
class Names {
  list: string[] = [];
}
let names: Names = new Names();
class Response {
  headers: ResponseHeaders = new ResponseHeaders();
}
let response: Response = new Response();
function use<T>(value: T): void {
  if (isString<T>()) log.info(<string>value);
}
function allow(): void {}
function deny(reason: string | null = null): Action {
  return new LocalResponse(403, reason === null ? "" : reason).send();
}
`;

/** All samples of the sources and of the guides. */
export function samples(): readonly Sample[] {
  const root = packageRoot();
  const files = ["index.ts", "README.md"];
  for (const folder of ["assembly", "docs", "examples"]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (/(?<!\.(?:test|driver|d))\.(?:ts|md)$/.test(entry) && !entry.startsWith("testing/"))
        files.push(`${folder}/${entry}`);
    }
  }
  return files.sort().flatMap((file) => samplesOf(file, readFileSync(join(root, file), "utf8")));
}

function samplesOf(file: string, text: string): Sample[] {
  const fences = /^( *\* |)```ts\n(.*?)^(?: *\* |)```$/gms;
  return Array.from(text.matchAll(fences), ({ 1: prefix = "", 2: body = "", index }) => ({
    place: `${file}:${text.slice(0, index).split("\n").length + 1}`,
    text: prefix === "" ? body : body.replace(/^ *\* ?/gm, ""),
  }));
}

/** Whether the sample is TypeScript for Node, a test for example: it imports what asc does not know. */
export function isForNode({ text }: Sample): boolean {
  const modules = Array.from(text.matchAll(/^import .*"(.+)";$/gm), ([, name]) => name);
  return modules.some((name) => name !== "as-proxy-wasm" && name !== "as-proxy-wasm/spec");
}

/** What tsc has against samples for Node, under the settings of this repository. */
export function typeProblems(samples: readonly Sample[]): readonly string[] {
  const root = packageRoot();
  const read = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const config: unknown = read.config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const texts = new Map(samples.map(({ text }, index) => [join(root, `sample-${index}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...texts.keys()], options, {
    ...host,
    fileExists: (name) => texts.has(name) || host.fileExists(name),
    getSourceFile: (name, version) => {
      const text = texts.get(name);
      return text === undefined
        ? host.getSourceFile(name, version)
        : ts.createSourceFile(name, text, version);
    },
  });
  return [...texts.keys()].flatMap((name, index) => {
    const source = program.getSourceFile(name);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(
      ({ messageText }) =>
        `${samples[index]?.place ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
}

/** The program in which the sample is compiled; `exported` are the names that filters can import. */
export function programOf(sample: Sample, exported: ReadonlySet<string>): string {
  const source = ts.createSourceFile("sample.ts", sample.text, ts.ScriptTarget.ES2022, true);
  if (source.statements.some((statement) => ts.isImportDeclaration(statement))) return sample.text;
  const isClass = (statement: ts.Statement): statement is ts.ClassDeclaration =>
    ts.isClassDeclaration(statement);
  const textOf = (statement: ts.Statement): string => statement.getText(source);
  const classes = source.statements.filter(isClass);
  const body = source.statements
    .filter((statement) => !isClass(statement))
    .map(textOf)
    .join("\n");
  const plugin = classes.find((each) => / extends Plugin\b/.test(textOf(each)))?.name?.text;
  const own = classes.map(textOf).join("\n");
  const answer = answerOf(body);
  const around = `${AROUND}
${own}
class Around extends HttpFilter {
  ${plugin === undefined ? "" : `plugin: ${plugin} = new ${plugin}();`}
  verifier: JwtVerifier = verifier;
  run(headers: RequestHeaders): ${answer.type} {
${body}
    ${answer.last}
  }
}
export function compiled(): void {
  new Around().run(new RequestHeaders());
  ${classes.flatMap(callsOf).join("\n  ")}
}
`;
  const words = new Set(around.match(/\w+/g));
  const declared = new Set(classes.map((each) => each.name?.text));
  const imports = [...exported].filter((name) => words.has(name) && !declared.has(name));
  return `import { ${imports.join(", ")} } from "as-proxy-wasm";\n${around}`;
}

/** Calls of all methods of a class: asc compiles what is called, and nobody is going to run it. */
function callsOf(each: ts.ClassDeclaration): string[] {
  const name = each.name?.text ?? "";
  return each.members.filter(ts.isMethodDeclaration).map((method) => {
    const values = method.parameters.map((parameter) => {
      const type = parameter.type?.getText() ?? "";
      return /^[a-z]+\d*$/.test(type) && type !== "string"
        ? `<${type}>0`
        : `changetype<${type}>(0)`;
    });
    return `changetype<${name}>(0).${method.name.getText()}(${values.join(", ")});`;
  });
}

/** What the callback around the body answers, by what the body does. */
function answerOf(body: string): { readonly type: string; readonly last: string } {
  if (/\breturn false\b/.test(body)) return { type: "bool", last: "return true;" };
  if (/\breturn Action\b|^return new LocalResponse/m.test(body))
    return { type: "Action", last: "" };
  if (/\breturn deny\b/.test(body)) return { type: "Action", last: "return Action.Continue;" };
  return { type: "void", last: "" };
}
