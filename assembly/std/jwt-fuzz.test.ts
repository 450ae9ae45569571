// Differential fuzzing against a verifier made of Node's own parts, from a fixed seed.
import { testFuzzes } from "../testing/fuzz-test.ts";
import { fuzzes } from "./jwt.fuzz.ts";

testFuzzes(fuzzes, 3000, 7519);
