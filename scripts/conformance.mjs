// Runs the conformance tests on another Envoy than the one in use, fetched as the product does it:
//   node scripts/conformance.mjs --envoy 1.36.4     a version, or the path of a binary
// Left out are the tests that are not about Envoy, and those that take long; of the filters, the builds
// that look for faults of the SDK's own memory handling.
import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runTests } from "./run-tests.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

/** Files of conformance/ that are not run, with why. */
const LEFT_OUT = new Map([
  ["both.test.ts", "compares with the in-process host, which does as the Envoy in use"],
  ["calls.test.ts", "counts the host calls that the SDK makes: the same on each Envoy"],
  ["differential.test.ts", "compares with the in-process host, which does as the Envoy in use"],
  ["docs.test.ts", "follows the guides"],
  ["host-calls.test.ts", "compares with the in-process host"],
  ["host-grpc.test.ts", "compares with the in-process host"],
  ["proofs.test.ts", "reads the documents and the tests"],
  ["memory.test.ts", "is about the guest's memory, and long"],
  ["replacer.test.ts", "is about a helper of the SDK"],
  ["soak.test.ts", "is about the guest's memory, and long"],
  ["stress.test.ts", "is about the guest's memory"],
  ["unpruned.test.ts", "is about the compiler"],
]);

const { values } = parseArgs({ options: { envoy: { type: "string" } } });
if (values.envoy === undefined) {
  console.error("name the Envoy: node scripts/conformance.mjs --envoy 1.36.4");
  process.exit(2);
}

execFileSync(process.execPath, ["scripts/bundle.mjs", "--no-types"], { stdio: "inherit" });
const { locateEnvoy } = await import("../dist/harness/index.js");
const progress = (text) => console.error(`conformance: ${text}`);
const envoy = await locateEnvoy({ path: values.envoy, progress }).catch((error) => {
  console.error([`conformance: ${error.message}`, error.detail ?? "", error.hint ?? ""].join("\n"));
  process.exit(3);
});
progress(`Envoy ${envoy.version}, ${envoy.path}`);

const names = (await readdir("conformance")).filter((name) => name.endsWith(".test.ts")).sort();
for (const name of LEFT_OUT.keys()) {
  if (!names.includes(name)) throw new Error(`conformance/${name} is left out, and not there`);
}
const files = names.filter((name) => !LEFT_OUT.has(name)).map((name) => `conformance/${name}`);
const env = { ...process.env, ENVOY_PATH: envoy.path };
process.exit(await runTests(files, { onlyAsItShips: true, env }));
