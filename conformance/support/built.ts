import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../sdk/compiler/build.ts";
import { packageRoot } from "../../sdk/package-root.ts";

const built = new Map<string, Promise<Uint8Array>>();

/** The module of a source of this repository, built once for each process that asks for it. */
export function builtFilter(source: string): Promise<Uint8Array> {
  const known = built.get(source);
  if (known !== undefined) return known;
  const wasm = buildOnce(source);
  built.set(source, wasm);
  return wasm;
}

async function buildOnce(source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "as-proxy-wasm-built-"));
  try {
    const out = join(folder, "filter.wasm");
    return (await build({ entry: source, cwd: packageRoot(), out })).wasm;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
