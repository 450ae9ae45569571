// The part of AssemblyScript's compiler API that is used here. Its own declarations also declare
// AssemblyScript's global names (`console`, `i32` ...), which would hide Node's; tsconfig.json maps
// `assemblyscript/asc` to this file.

/** A span of a source file, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly source: { readonly normalizedPath: string } | null;
}

export interface DiagnosticMessage {
  readonly code: number;
  /** 0 pedantic, 1 information, 2 warning, 3 error. */
  readonly category: number;
  readonly message: string;
  readonly range: Range | null;
}

/** A file as it was parsed. */
export interface SyntaxTree {
  readonly normalizedPath: string;
  readonly text: string;
  readonly statements: readonly import("assemblyscript").Node[];
}

/** What the compiler calls between its phases. What a hook throws becomes the result's `error`. */
export interface Transform {
  afterParse?(parser: { readonly sources: readonly SyntaxTree[] }): void;
  afterInitialize?(program: { readonly elementsByDeclaration: ReadonlyMap<unknown, object> }): void;
  afterCompile?(module: import("binaryen").default.Module): void;
}

export interface MemoryStream {
  write(chunk: string | Uint8Array): void;
  toString(): string;
}

export interface APIOptions {
  readonly stdout?: MemoryStream;
  readonly stderr?: MemoryStream;
  readonly readFile?: (name: string, baseDir: string) => Promise<string | null> | string | null;
  readonly writeFile?: (name: string, contents: Uint8Array | string, baseDir: string) => void;
  readonly listFiles?: (folder: string, baseDir: string) => string[] | null;
  readonly reportDiagnostic?: (diagnostic: DiagnosticMessage) => void;
  readonly transforms?: readonly Transform[];
}

declare const asc: {
  main(argv: readonly string[], options: APIOptions): Promise<{ readonly error: Error | null }>;
  createMemoryStream(): MemoryStream;
  /** The texts of the standard library by path without `.ts`; changing one changes what is compiled. */
  readonly libraryFiles: Record<string, string>;
};
export default asc;
