// The tests of a `*.spec.ts` file, as the runner sees them: a list that is made when the module starts.

class Test {
  constructor(
    readonly name: string,
    readonly body: () => void,
    /** What runs before it, the outermost first. */
    readonly before: (() => void)[],
  ) {}
}

class Suite {
  readonly before: (() => void)[] = [];
  constructor(readonly name: string) {}
}

const tests: Test[] = [];
/** Those that enclose what is declared now; the outermost is the file. */
const suites: Suite[] = [new Suite("")];

/**
 * Groups tests: their names begin with `name`. What `body` declares with `test`, `describe` and
 * `beforeEach` belongs to it. AssemblyScript has no closures: a body sees globals, not the variables
 * around it.
 */
export function describe(name: string, body: () => void): void {
  suites.push(new Suite(name));
  body();
  suites.pop();
}

/**
 * Declares a test. It runs in an instance of the module of its own: globals are as the module's start
 * left them, and a trap fails this test alone.
 */
export function test(name: string, body: () => void): void {
  let path = "";
  const before: (() => void)[] = [];
  for (let i = 0; i < suites.length; i++) {
    const suite = suites[i];
    if (suite.name.length > 0) path += suite.name + " > ";
    for (let j = 0; j < suite.before.length; j++) before.push(suite.before[j]);
  }
  tests.push(new Test(path + name, body, before));
}

/** Runs `body` before each test of this file or `describe` that is declared after it. */
export function beforeEach(body: () => void): void {
  suites[suites.length - 1].before.push(body);
}

/** For the runner: how many tests there are. */
export function __specCount(): i32 {
  return tests.length;
}

/** For the runner: the name of a test, with those of its groups before it. */
export function __specName(index: i32): string {
  return tests[index].name;
}

/** For the runner: runs a test; it returns when the test has passed. */
export function __specRun(index: i32): void {
  const test = tests[index];
  for (let i = 0; i < test.before.length; i++) test.before[i]();
  test.body();
}

let guarded: (() => void) | null = null;

/** Keeps what `__specGuarded` is to run. */
export function setGuarded(body: () => void): void {
  guarded = body;
}

/** For the runner: runs what must trap, in the middle of a test. */
export function __specGuarded(): void {
  const body = guarded;
  if (body !== null) body();
}
