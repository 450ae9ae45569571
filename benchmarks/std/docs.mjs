// Tables of docs/std.md: each stands between two comments that name it.
import { readFile, writeFile } from "node:fs/promises";
import * as prettier from "prettier";

const FILE = "docs/std.md";

/** Prints a table and, when `write`, puts it in its place in docs/std.md. */
export async function publish(name, table, write) {
  console.log(table);
  if (!write) return;
  const text = await readFile(FILE, "utf8");
  const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${FILE} has no place for ${name}`);
  const written = `${text.slice(0, from)}${begin}\n${table}\n${text.slice(to)}`;
  const options = await prettier.resolveConfig(FILE);
  await writeFile(FILE, await prettier.format(written, { ...options, filepath: FILE }));
}
