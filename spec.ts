/// <reference path="./assembly/globals.d.ts" />

// The names that `*.spec.ts` files import: `import { describe, expect, test } from "as-proxy-wasm/spec"`.
export { Expectation, expect, expectTrap } from "./assembly/spec/expectation";
export { beforeEach, describe, test } from "./assembly/spec/suite";
