// Differential fuzzing of the helpers against Node, for as long as one likes:
//   node scripts/fuzz.mjs [helper ...] [--count N] [--seed S] [--write]
// Without helpers: all of them. --write puts what ran into the table of docs/fuzzing.md; the rows of
// other helpers stay. A difference is printed with its input and the seed by which it can
// be tried again. Every `*.fuzz.ts` below assembly/ exports its `fuzzes`; nothing else lists them.
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundleForNode } from "./esbuild.mjs";
import { checkPlace, published, put } from "./publish.mjs";

const PAGE = "docs/fuzzing.md";
const HEAD = "| helper | inputs | seed | seconds | inputs of each kind |\n|---|---:|---:|---:|---|";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "1000000" },
    // Another one each time.
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    write: { type: "boolean", default: false },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error("fuzz: --count is a whole number above 0, --seed is a whole number");
  process.exit(2);
}

if (values.write) await checkPlace(PAGE, "fuzzing");

const files = (await readdir("assembly", { recursive: true }))
  .filter((file) => file.endsWith(".fuzz.ts"))
  .sort();
await mkdir(".test-build", { recursive: true });
const out = await mkdtemp(".test-build/run-");
process.exitCode = await run().finally(() => rm(out, { recursive: true, force: true }));

/** Runs what was asked for; answers the exit code. */
async function run() {
  const contents = files.map((file, i) => `import { fuzzes as f${i} } from "./${file}";`).join("");
  const all = `export const all = [${files.map((_, i) => `...f${i}`).join(", ")}];`;
  await bundleForNode({
    stdin: { contents: contents + all, resolveDir: "assembly", loader: "ts" },
    outfile: `${out}/fuzz.mjs`,
  });
  process.setSourceMapsEnabled(true);
  const fuzzes = (await import(pathToFileURL(`${out}/fuzz.mjs`).href)).all;
  const unknown = positionals.filter((name) => !fuzzes.some((fuzz) => fuzz.name === name));
  if (unknown.length > 0) {
    console.error(`fuzz: no ${unknown.join(", no ")}; there are:`);
    console.error(fuzzes.map(({ name }) => `  ${name}`).join("\n"));
    return 2;
  }
  let differences = 0;
  const rows = new Map();
  console.log(HEAD);
  for (const fuzz of fuzzes) {
    if (positionals.length > 0 && !positionals.includes(fuzz.name)) continue;
    const begin = Date.now();
    try {
      const tally = await fuzz.run({ count, seed });
      const seconds = ((Date.now() - begin) / 1000).toFixed(1);
      const kinds = [...tally].map(([kind, n]) => `${kind} ${n}`).join(", ");
      const row = `| ${fuzz.name} | ${count} | ${seed} | ${seconds} | ${kinds} |`;
      rows.set(fuzz.name, row);
      console.log(row);
    } catch (error) {
      differences++;
      console.error(error);
    }
  }
  if (values.write) await write(fuzzes, rows);
  return differences > 0 ? 1 : 0;
}

/** Puts the rows that there are into the table, in the place of those of the same helpers. */
async function write(fuzzes, rows) {
  const old = (await published(PAGE, "fuzzing")).split("\n");
  const lines = fuzzes.map(({ name }) => {
    const before = old.find((line) => line.split("|")[1]?.trim() === name);
    return rows.get(name) ?? before ?? `| ${name} | | | | |`;
  });
  await put(PAGE, "fuzzing", `${HEAD}\n${lines.join("\n")}\n`);
}
