// The examples behave the same where a fault of memory handling would show at once.
import { test } from "node:test";
import { EXAMPLES, checkOnBoth, runTests } from "./support/own-tests.ts";

for (const kind of ["collect", "poison"]) {
  test(`the examples' tests pass on both hosts with --stress ${kind}`, () => {
    checkOnBoth(runTests("examples", "--on", "both", "--stress", kind), EXAMPLES);
  });
}
