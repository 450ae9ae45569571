// The part of the WebAssembly JavaScript interface (https://www.w3.org/TR/wasm-js-api-2/) that is
// used here. TypeScript has it only together with all of the DOM, which Node has not.
declare namespace WebAssembly {
  type ImportExportKind = "function" | "table" | "memory" | "global" | "tag";
  type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  type Module = object;
  const Module: {
    new (bytes: Uint8Array): Module;
    imports(module: Module): { module: string; name: string; kind: ImportExportKind }[];
    exports(module: Module): { name: string; kind: ImportExportKind }[];
  };

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
  }

  type Table = object;
  const Table: new (limits: {
    readonly initial: number;
    readonly element: "anyfunc" | "externref";
    readonly maximum?: number;
  }) => Table;

  class RuntimeError extends Error {}

  function validate(bytes: Uint8Array): boolean;
}
