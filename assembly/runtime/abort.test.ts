import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { packageRoot } from "../../sdk/package-root.ts";
import { compileDriver, Driver } from "../testing/asc-driver.ts";

interface AbortExports {
  fail(message: number, file: number, line: number, column: number): void;
  assertThat(what: number): void;
  assertSilently(what: number): void;
  throwError(message: number): void;
  at(index: number): number;
}

const DRIVER = "assembly/runtime/abort.driver.ts";
const FLAGS = ["--use", "abort=assembly/runtime/abort/abort"];

/** The units of a message or a file's name that are told. */
const MOST_UNITS = 500;
const CRITICAL = 5;

let binary: Uint8Array<ArrayBuffer>;
before(async () => {
  binary = await compileDriver(DRIVER, { flags: FLAGS });
});

/** An instance, and what it does when it aborts. */
class Aborting {
  readonly driver: Driver<AbortExports>;
  readonly #logged: { level: number; at: number; bytes: Buffer }[] = [];

  constructor(from: Uint8Array<ArrayBuffer> = binary) {
    const proxy_log = (level: number, at: number, size: number): number => {
      const { buffer } = this.driver.exports.memory;
      this.#logged.push({ level, at, bytes: Buffer.from(buffer.slice(at, at + size)) });
      return 0;
    };
    this.driver = new Driver<AbortExports>(from, { env: { proxy_log } });
  }

  /** Runs what has to abort; the bytes of the one line that was logged. */
  logged(run: (exports: AbortExports) => void): Buffer {
    const { exports } = this.driver;
    const before = Buffer.from(exports.memory.buffer.slice(0));
    assert.throws(
      () => {
        run(exports);
      },
      (error) => {
        assert.ok(error instanceof WebAssembly.RuntimeError, String(error));
        assert.equal(error.message, "unreachable");
        return true;
      },
    );
    assert.equal(this.#logged.length, 1);
    const line = this.#logged.pop();
    assert.ok(line);
    assert.equal(line.level, CRITICAL);
    // Nothing was allocated, and nothing was written but the line.
    const after = Buffer.from(exports.memory.buffer);
    assert.equal(after.length, before.length);
    const end = line.at + line.bytes.length;
    assert.ok(after.subarray(0, line.at).equals(before.subarray(0, line.at)), "before the line");
    assert.ok(after.subarray(end).equals(before.subarray(end)), "behind the line");
    return line.bytes;
  }

  /** The same for a message and a place; null stands for what the compiler does not give. */
  text(message: string | null, file: string | null, line = 1, column = 2): string {
    const pointer = (text: string | null): number =>
      text === null ? 0 : this.driver.writeText(text);
    const [messagePointer, filePointer] = [pointer(message), pointer(file)];
    const bytes = this.logged((exports) => {
      exports.fail(messagePointer, filePointer, line, column);
    });
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  }
}

/** What is told of a long text. */
const cut = (text: string): string => Buffer.from(text.slice(0, MOST_UNITS)).toString("utf8");

test("an abort logs the message and the place, as critical, and traps", () => {
  const aborting = new Aborting();
  assert.equal(aborting.text("oh no", "filter.ts", 12, 34), "oh no at filter.ts:12:34");
  assert.equal(
    aborting.text("\u00fcn\u00efc\u00f6d\u00e9 \u{1f600}", "\u00e9.ts"),
    "\u00fcn\u00efc\u00f6d\u00e9 \u{1f600} at \u00e9.ts:1:2",
  );
  assert.equal(aborting.text("a\0b\nc", "d\r.ts"), "a\0b\nc at d\r.ts:1:2");
});

test("an abort without a message or a file says so", () => {
  const aborting = new Aborting();
  assert.equal(aborting.text(null, "filter.ts"), "abort at filter.ts:1:2");
  assert.equal(aborting.text("oh no", null), "oh no at ?:1:2");
  assert.equal(aborting.text(null, null, 0, 0), "abort at ?:0:0");
  assert.equal(aborting.text("", ""), " at :1:2");
});

test("the line and the column can be any number", () => {
  const aborting = new Aborting();
  for (const number of [0, 9, 10, 99, 100, 65_535, 2 ** 31, 2 ** 32 - 1])
    assert.equal(aborting.text("m", "f", number, number), `m at f:${number}:${number}`);
});

test("a long message and a long file are cut", () => {
  const aborting = new Aborting();
  for (const length of [MOST_UNITS - 1, MOST_UNITS, MOST_UNITS + 1, 10_000]) {
    for (const unit of ["x", "\u00e9", "\uffff", "\u{1f600}", "\ud800"]) {
      const text = unit.repeat(length);
      assert.equal(aborting.text(text, "f"), `${cut(text)} at f:1:2`);
      assert.equal(
        aborting.text(text, text, 2 ** 32 - 1, 2 ** 32 - 1),
        `${cut(text)} at ${cut(text)}:4294967295:4294967295`,
      );
      aborting.driver.collect();
    }
  }
});

test("a message that is cut within a pair of surrogates is still UTF-8", () => {
  const aborting = new Aborting();
  const front = "x".repeat(MOST_UNITS - 1);
  assert.equal(aborting.text(`${front}\u{1f600}`, "f"), `${front}\ufffd at f:1:2`);
  assert.equal(aborting.text(`${front}\ud83d`, "f"), `${front}\ufffd at f:1:2`);
  assert.equal(aborting.text(`${front}\ude00\u{1f600}`, "f"), `${front}\ufffd at f:1:2`);
  assert.equal(
    aborting.text(`${front.slice(1)}\u{1f600}more`, "f"),
    `${front.slice(1)}\u{1f600} at f:1:2`,
  );
});

test("what the compiler makes of asserts, throws and bounds checks ends here, with its place", () => {
  const lines = readFileSync(join(packageRoot(), DRIVER), "utf8").split("\n");
  const place = (what: string): string => {
    const line = lines.findIndex((each) => each.includes(what));
    return `${DRIVER}:${line + 1}:3`;
  };
  const aborting = new Aborting();
  const text = (run: (exports: AbortExports) => void): string => aborting.logged(run).toString();
  assert.equal(
    text((exports) => {
      exports.assertThat(0);
    }),
    `what was asserted at ${place('assert(what, "')}`,
  );
  assert.equal(
    text((exports) => {
      exports.assertSilently(0);
    }),
    `abort at ${place("assert(what)")}`,
  );
  const thrown = aborting.driver.writeText("thrown");
  assert.equal(
    text((exports) => {
      exports.throwError(thrown);
    }),
    `thrown at ${place("throw new")}`,
  );
  for (const index of [3, -1, 2 ** 31 - 1]) {
    assert.match(
      text((exports) => {
        exports.at(index);
      }),
      /^Index out of range at ~lib\/array\.ts:\d+:\d+$/,
    );
  }
});

test("an abort needs no memory", async () => {
  const small = await compileDriver(DRIVER, { flags: [...FLAGS, "--maximumMemory", "1"] });
  const aborting = new Aborting(small);
  const pointer = aborting.driver.writeText("m".repeat(MOST_UNITS));
  const { exports } = aborting.driver;
  for (const size of [1024, 64, 1]) {
    assert.throws(() => {
      for (;;) exports.__new(size, 1);
    }, WebAssembly.RuntimeError);
  }
  const bytes = aborting.logged(() => {
    exports.fail(pointer, pointer, 1, 2);
  });
  assert.match(bytes.toString(), /^m{500} at m{500}:1:2$/);
});
