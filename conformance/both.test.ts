// What the test API is there for: the same tests on the in-process host and in a real Envoy.
import { test } from "node:test";
import { EXAMPLES, OF_THE_ABI, checkOnBoth, runTests } from "./support/own-tests.ts";

test("the examples' tests, and those of the ABI, pass on both hosts", () => {
  checkOnBoth(runTests("examples", "conformance/both", "--on", "both"), EXAMPLES + OF_THE_ABI);
});
