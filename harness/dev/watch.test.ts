import assert from "node:assert/strict";
import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../sdk/testing/temporary-folder.ts";
import { WatchedFiles } from "./watch.ts";

const never = new AbortController().signal;

test("files that are written, replaced, deleted and made are changes; others are not", async (t) => {
  const folder = await temporaryFolder(t);
  const path = (name: string): string => join(folder, "src", name);
  await mkdir(join(folder, "src"));
  const names = ["written", "replaced", "deleted", "same"];
  for (const name of names) await writeFile(path(name), "1");
  const watched = new WatchedFiles();
  for (const name of [...names, "made"]) watched.note(path(name));
  await writeFile(path("written"), "2");
  await writeFile(path("other"), "1");
  await rename(path("other"), path("replaced"));
  await rm(path("deleted"));
  await writeFile(path("made"), "1");
  assert.deepEqual(
    [...(await watched.changed(never))].sort(),
    ["deleted", "made", "replaced", "written"].map(path),
  );
});

test("a folder that is deleted and comes back is seen both times", async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, "src", "filter.ts");
  const watched = new WatchedFiles();
  const make = async (): Promise<void> => {
    await mkdir(join(folder, "src"));
    await writeFile(file, "1");
  };
  await make();
  watched.note(file);
  await rm(join(folder, "src"), { recursive: true });
  assert.deepEqual(await watched.changed(never), [file]);
  watched.clear();
  watched.note(file);
  await make();
  assert.deepEqual(await watched.changed(never), [file]);
});

test("a change between noting and waiting is not missed, and noting again does not hide it", async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, "a");
  await writeFile(file, "1");
  const watched = new WatchedFiles();
  watched.note(file);
  await utimes(file, 1, 1);
  watched.note(file);
  assert.deepEqual(await watched.changed(never), [file]);
});

test("waiting ends with the signal", async (t) => {
  const folder = await temporaryFolder(t);
  const stop = new AbortController();
  const watched = new WatchedFiles();
  watched.note(join(folder, "none"));
  const waiting = watched.changed(stop.signal);
  stop.abort();
  await assert.rejects(waiting, { name: "AbortError" });
});
