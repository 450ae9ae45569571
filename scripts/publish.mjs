// Tables of the documentation that commands make: each stands between two comments that name it,
// <!-- begin NAME --> and <!-- end NAME -->.
import { readFile, writeFile } from "node:fs/promises";
import * as prettier from "prettier";

/** Fails unless the file has a place of that name: to be asked before minutes of measuring. */
export async function checkPlace(file, name) {
  placeIn(await readFile(file, "utf8"), file, name);
}

/** What stands in the place of that name. */
export async function published(file, name) {
  const text = await readFile(file, "utf8");
  const { from, to } = placeIn(text, file, name);
  return text.slice(from, to).trim();
}

/** Prints a text and, when `write`, puts it in its place in the file, a path from the repository's root. */
export async function publish(file, name, text, write) {
  console.log(text);
  if (write) await put(file, name, text);
}

/** Puts a text in its place in the file. */
export async function put(file, name, text) {
  const old = await readFile(file, "utf8");
  const { from, to } = placeIn(old, file, name);
  const written = `${old.slice(0, from)}\n${text}\n${old.slice(to)}`;
  const options = await prettier.resolveConfig(file);
  await writeFile(file, await prettier.format(written, { ...options, filepath: file }));
}

function placeIn(text, file, name) {
  const begin = `<!-- begin ${name} -->\n`;
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(`<!-- end ${name} -->`);
  if (from < begin.length || to < from) throw new Error(`${file} has no place for ${name}`);
  return { from, to };
}
