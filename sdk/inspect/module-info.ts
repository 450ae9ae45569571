import type { AbiVersion } from "./envoy-abi.ts";

/** What an import or export can be. */
export type ExternalKind = "function" | "table" | "memory" | "global" | "tag";

export interface ImportInfo {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  /**
   * Its type: `(i32, i64) -> i32` of a function, `mut i32` of a global, `funcref` of a table,
   * `1 page` of a memory, `(i32) -> ()` of a tag; `?` where a form is used that is not known here.
   */
  readonly type: string;
}

export interface ExportInfo {
  readonly name: string;
  readonly kind: ExternalKind;
  /** Its type, as in ImportInfo. */
  readonly type: string;
}

export interface MemoryInfo {
  readonly initialPages: number;
  /** Null when the memory may grow as far as the engine lets it. */
  readonly maximumPages: number | null;
  readonly initialBytes: number;
  readonly maximumBytes: number | null;
  /** Bytes in a page: 65,536 unless the module chose another size. */
  readonly pageBytes: number;
  /** Addressed with 64 bits. */
  readonly memory64: boolean;
  readonly shared: boolean;
  readonly imported: boolean;
}

export interface TableInfo {
  /** The type of its elements: `funcref`; `?` where a form is used that is not known here. */
  readonly type: string;
  /** Null where the type is not known. */
  readonly initial: number | null;
  /** Null when it may grow as far as the engine lets it. */
  readonly maximum: number | null;
  readonly imported: boolean;
}

export interface SectionInfo {
  /** The number that the binary format gives to the kind of section; 0 is custom. */
  readonly id: number;
  /** `type`, `import`, ...; of a custom section its own name. */
  readonly name: string;
  /** Where it starts in the file. */
  readonly offset: number;
  /** Its size in the file, with its id and length: those of all sections and the 8 bytes of the header make up the file. */
  readonly bytes: number;
}

export interface FunctionInfo {
  /** Its index, imported functions counted first. */
  readonly index: number;
  /** From the name section, else the name it is exported by; null when it has neither. */
  readonly name: string | null;
  /** The size of its body. */
  readonly bytes: number;
}

/** What a WebAssembly module consists of, as far as can be told without running it. */
export interface ModuleInfo {
  readonly bytes: number;
  /** The size without the name section, which only stack traces need. */
  readonly bytesWithoutNames: number;
  /** The version of the Proxy-Wasm ABI that Envoy would take it for; null when it knows none. */
  readonly abiVersion: AbiVersion | null;
  readonly imports: readonly ImportInfo[];
  readonly exports: readonly ExportInfo[];
  readonly memories: readonly MemoryInfo[];
  readonly tables: readonly TableInfo[];
  /** How many globals there are, imported ones included. */
  readonly globals: number;
  /** How many functions the module defines itself. */
  readonly functions: number;
  /** The bytes of the code section. */
  readonly codeBytes: number;
  /** The bytes of the data section. */
  readonly dataBytes: number;
  /** The largest functions, largest first. */
  readonly largestFunctions: readonly FunctionInfo[];
  /** The function that runs when the module is instantiated, if any. */
  readonly start: { readonly index: number; readonly name: string | null } | null;
  /** The name section; `problem` says why its function names cannot be read. */
  readonly nameSection: { readonly bytes: number; readonly problem: string | null } | null;
  /** All sections in their order in the file. */
  readonly sections: readonly SectionInfo[];
}
