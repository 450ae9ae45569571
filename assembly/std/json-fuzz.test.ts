// Differential fuzzing against Node, from a fixed seed.
import { testFuzzes } from "../testing/fuzz-test.ts";
import { fuzzes } from "./json.fuzz.ts";

testFuzzes(fuzzes, 3000, 8259);
