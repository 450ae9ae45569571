import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ReportFile } from "./report-file.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-report-"));
});
after(() => rm(folder, { recursive: true }));

test("a new file is written", async () => {
  const path = join(folder, "new.json");
  const file = await ReportFile.reserve(path);
  await file.write("{}");
  await file.discard();
  assert.equal(await readFile(path, "utf8"), "{}");
});

test("an existing file keeps its text until there is a report, and is replaced whole", async () => {
  const path = join(folder, "old.json");
  await writeFile(path, "an older and longer report");
  const file = await ReportFile.reserve(path);
  assert.equal(await readFile(path, "utf8"), "an older and longer report");
  await file.write("{}");
  assert.equal(await readFile(path, "utf8"), "{}");
});

test("a full disk leaves no half of a report, and an older one as it was", async () => {
  // Linux has a device that is always full.
  if (process.platform !== "linux") return;
  const full = await ReportFile.reserve("/dev/full");
  await assert.rejects(full.write("{}"), {
    code: "ERR_FILE_WRITE",
    message: /^the report \/dev\/full cannot be written: ENOSPC/,
    hint: /make room .* what was measured is on standard output/,
  });
  await full.discard();
});

test("without a report a new file is not left behind, and an old one stays", async () => {
  const own = join(folder, "own");
  await mkdir(own);
  await writeFile(join(own, "old.json"), "old");
  for (const name of ["old.json", "new.json"]) {
    await (await ReportFile.reserve(join(own, name))).discard();
  }
  assert.deepEqual(await readdir(own), ["old.json"]);
  assert.equal(await readFile(join(own, "old.json"), "utf8"), "old");
});

test("a file that cannot be written is refused at once", async () => {
  for (const path of [folder, join(folder, "no", "such", "folder.json"), ""]) {
    await assert.rejects(ReportFile.reserve(path), { name: "ToolError", code: "ERR_FILE_WRITE" });
  }
});
