// Instances of the host, made and dropped: scripts/host-memory.mjs.
import { createHost } from "../../sdk/host/index.ts";
import { Guest, RESULT } from "../../sdk/host/testing.ts";

/** What may be left over, of the heap and of the process, after all those behind the first. */
const MOST_HEAP_BYTES = 8 * 1024 * 1024;
const MOST_PROCESS_BYTES = 128 * 1024 * 1024;
/** After so many all that is made once has been made. */
const WARM = 1000;

function guest(): Uint8Array {
  const made = new Guest();
  const path = `(call $proxy_get_header_map_value ${Guest.numbers(0)} ${made.text(":path")} ${RESULT})`;
  made.on("proxy_on_request_headers", `(drop ${path})`, 4);
  return made.wasm();
}

async function use(times: number, wasm: Uint8Array): Promise<void> {
  for (let time = 0; time < times; time++) {
    const host = await createHost({ wasm });
    host.open();
    host.connect().send("x");
    // Every other one is dropped as it is.
    if (time % 2 === 0) await host.close();
  }
}

async function measured(): Promise<NodeJS.MemoryUsage> {
  // What was dropped is let go of by turns.
  for (let time = 0; time < 4; time++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage();
}

const [count = 10_000] = process.argv.slice(2).map(Number);
const wasm = guest();
await use(Math.min(WARM, count), wasm);
const before = await measured();
await use(Math.max(0, count - WARM), wasm);
const after = await measured();
const heap = after.heapUsed - before.heapUsed;
const all = after.rss - before.rss;
const inKiB = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`;
console.log(
  `${count} hosts: heap ${inKiB(heap)} more, process ${inKiB(all)} more after the ${WARM}th`,
);
process.exitCode = heap < MOST_HEAP_BYTES && all < MOST_PROCESS_BYTES ? 0 : 1;
