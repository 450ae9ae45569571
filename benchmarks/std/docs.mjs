// Tables of the documentation: each stands between two comments that name it.
import { readFile, writeFile } from "node:fs/promises";
import * as prettier from "prettier";

/** Prints a table and, when `write`, puts it in its place in docs/std.md. */
export async function publish(name, table, write) {
  console.log(table);
  if (write) await replaceTable("docs/std.md", name, table);
}

/** The table that stands in the place of that name in a file. */
export async function tableIn(file, name) {
  const text = await readFile(file, "utf8");
  const [from, to] = placeIn(text, file, name);
  return text.slice(from, to).trim();
}

/** Puts a table in its place in a file. */
export async function replaceTable(file, name, table) {
  const text = await readFile(file, "utf8");
  const [from, to] = placeIn(text, file, name);
  const written = `${text.slice(0, from)}\n${table}\n${text.slice(to)}`;
  const options = await prettier.resolveConfig(file);
  await writeFile(file, await prettier.format(written, { ...options, filepath: file }));
}

/** Where the place of that name begins and ends. */
function placeIn(text, file, name) {
  const begin = `<!-- begin ${name} -->\n`;
  const from = text.indexOf(begin);
  const to = text.indexOf(`<!-- end ${name} -->`);
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}`);
  return [from + begin.length, to];
}
