// A host that answers every call with one and the same status, and hands nothing over.

type HostCall = (...args: (number | bigint)[]) => number;

/** A module on such a host. */
export interface StatusHost {
  /** What the module has logged, whatever the host answered to that. */
  readonly logged: readonly string[];
  /** The callbacks that the module exports. */
  readonly callbacks: readonly string[];
  /** Calls a callback; throws when it traps, or is not there. */
  call(name: string, ...args: readonly number[]): void;
}

/** Instantiates a module and has it start. WASI answers the status too, as its error number. */
export function statusHost(wasm: Uint8Array, status: number): StatusHost {
  const module = new WebAssembly.Module(Buffer.from(wasm));
  const logged: string[] = [];
  let memory: WebAssembly.Memory | null = null;
  const imports: Record<string, Record<string, HostCall>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => status;
  (imports["env"] ??= {})["proxy_log"] = (_level, data, size) => {
    if (memory !== null)
      logged.push(Buffer.from(memory.buffer, Number(data), Number(size)).toString());
    return status;
  };
  const instance = new WebAssembly.Instance(module, imports);
  memory = instance.exports["memory"] as WebAssembly.Memory;
  const { exports } = instance;
  const call = (name: string, ...args: readonly number[]): void => {
    const callback = exports[name];
    if (typeof callback !== "function") throw new Error(`the module does not export ${name}`);
    (callback as (...args: readonly number[]) => unknown)(...args);
  };
  call("_initialize");
  const callbacks = Object.keys(exports).filter((name) => /^(?:proxy|envoy)_on_/.test(name));
  return { logged, callbacks, call };
}
