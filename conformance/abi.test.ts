// The judge of what `inspect` and `build` say of a module is a real Envoy: what they refuse, it refuses
// or crashes on, and what passes is taken.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { moduleProblems } from "../sdk/inspect/check.ts";
import { ABI_VERSIONS } from "../sdk/inspect/envoy-abi.ts";
import { inspectModule } from "../sdk/inspect/inspect.ts";
import * as cases from "./support/abi-cases.ts";
import { everything, misfits } from "./support/abi-modules.ts";
import type { Modules } from "./support/abi-modules.ts";
import { envoySince, hostFunctions } from "./support/envoy-version.ts";
import { offer, validate } from "./support/validate.ts";
import type { Verdict } from "./support/validate.ts";

/** Whether the check lets the module pass. */
function passes(module: Uint8Array): boolean {
  return moduleProblems(inspectModule(module)).length === 0;
}

/** That Envoy and the check say this of each of the modules. */
async function allAre(
  t: TestContext,
  modules: Modules,
  expected: { readonly passes: boolean; readonly verdict: Verdict },
): Promise<void> {
  const verdicts = await offer(t, modules);
  const found = Array.from(modules, ([name, module]) => {
    return [name, { passes: passes(module), verdict: verdicts.get(name) }] as const;
  });
  assert.deepEqual(
    Object.fromEntries(found),
    Object.fromEntries(found.map(([name]) => [name, expected])),
  );
}

test("all that the check knows of the ABI is there, in each of its versions", async (t) => {
  const functions = await hostFunctions();
  const modules = ABI_VERSIONS.map((version) => [version, everything(version, functions)] as const);
  await allAre(t, new Map(modules), { passes: true, verdict: "takes" });
});

test("each import and export of a wrong type is refused by both, or by neither", async (t) => {
  const modules = misfits();
  const verdicts = await offer(t, modules);
  const differing = [...modules].filter(
    ([name, module]) => passes(module) !== (verdicts.get(name) === "takes"),
  );
  // Before 1.39 Envoy calls no `__main_void`, whatever its type.
  const since39 = await envoySince("1.39");
  assert.deepEqual(
    differing.map(([name]) => name),
    since39 ? [] : ABI_VERSIONS.map((version) => `${version}: export __main_void`),
  );
  const refused = [...verdicts.values()].filter((verdict) => verdict === "refuses");
  assert.ok(refused.length > 500, `${refused.length} are refused`);
});

test("Envoy takes what passes", async (t) => {
  await allAre(t, cases.TAKEN, { passes: true, verdict: "takes" });
});

test("Envoy refuses what does not", async (t) => {
  await allAre(t, cases.REFUSED, { passes: false, verdict: "refuses" });
});

// Two at once: each keeps a processor busy.
describe("Envoy crashes on what does not pass either:", { concurrency: 2 }, () => {
  for (const [name, module] of cases.CRASHING) {
    test(name, async (t) => {
      assert.equal(passes(module), false);
      assert.equal(await validate(t, module), "crashes");
    });
  }
});

test("Envoy refuses or crashes on what would have it use freed memory", async (t) => {
  for (const [name, module] of cases.UNDEFINED) {
    assert.equal(passes(module), false, name);
    assert.notEqual(await validate(t, module), "takes", name);
  }
});

test("Envoy takes what does not pass because it would crash later", async (t) => {
  await allAre(t, cases.CRASHING_LATER, { passes: false, verdict: "takes" });
});

test("Envoy refuses what only running it can show", async (t) => {
  await allAre(t, cases.UNSEEN, { passes: true, verdict: "refuses" });
});
