import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { testEnvoy } from "../testing/envoy.ts";
import { writeModule } from "../testing/modules.ts";
import { memoryPerVm } from "./memory-meter.ts";

test("a VM that touches two more MiB of its memory costs two more MiB", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "bench-memory-"));
  t.after(() => rm(folder, { recursive: true }));
  const binary = await testEnvoy();
  const costOf = async (name: string, vmStart: string): Promise<number> => {
    const module = await writeModule(folder, name, { vmStart });
    const bytes = await memoryPerVm(binary, { name, module }, new AbortController().signal);
    assert.ok(bytes !== null);
    return bytes;
  };
  const plain = await costOf("plain", "(i32.const 1)");
  const large = await costOf(
    "large",
    `(local $address i32)
     (local.set $address (i32.const 262144))
     (drop (memory.grow (i32.const 32)))
     (loop $page
       (i32.store (local.get $address) (i32.const 1))
       (local.set $address (i32.add (local.get $address) (i32.const 4096)))
       (br_if $page (i32.lt_u (local.get $address) (i32.const 2359296))))
     (i32.const 1)`,
  );
  const difference = (large - plain) / 2 ** 20;
  assert.ok(difference > 1.5 && difference < 2.5, `${difference} MiB`);
});
