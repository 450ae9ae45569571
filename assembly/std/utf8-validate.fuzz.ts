// Fuzzing of the check for UTF-8 beside Node's.
import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";

interface Utf8Exports {
  valid(bytes: number): number;
  fault(bytes: number): number;
}

/** How many bytes Node takes before it finds a fault; -1 when it finds none. */
export function nodeFault(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  // The longest part from the beginning that is whole: at most three bytes before the fault.
  for (let size = 0; ; size++) {
    const rest = [1, 2, 3, 4].some(
      (more) => size + more <= bytes.length && isUtf8(bytes.subarray(size, size + more)),
    );
    if (!rest) return size;
    while (!isUtf8(bytes.subarray(0, size + 1))) size++;
  }
}

// prettier-ignore
const CHARACTERS = [
  "\u{10ffff}", "\u{10000}", "€", "a", "\u0000", "abcdefgh", "é", "\u07ff", "\u0800", "\ud7ff", "\ue000",
] as const;

const utf8 = defineFuzz<Buffer>({
  name: "utf8-validate",
  input(random) {
    const text = Array.from({ length: random.below(8) }, () => random.pick(CHARACTERS)).join("");
    let bytes = Buffer.from(text);
    if (random.once(2)) bytes = bytes.subarray(0, random.below(bytes.length + 1));
    if (bytes.length && random.once(2))
      bytes[random.below(bytes.length)] = random.once(2)
        ? random.below(256)
        : random.pick([0x80, 0xc3, 0xe2, 0xf0, 0xed]);
    return bytes;
  },
  async load() {
    const driver = new Driver<Utf8Exports>(
      await compileDriver("assembly/std/utf8-validate.driver.ts"),
    );
    return {
      compare(bytes) {
        const data = driver.writeBytes(bytes);
        const offset = driver.exports.fault(data);
        assert.equal(driver.exports.valid(data) !== 0, offset === -1);
        assert.equal(offset, nodeFault(bytes));
        return offset < 0 ? "valid" : "a fault";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { valid: 0.15, "a fault": 0.15 },
});

export const fuzzes: readonly Fuzz[] = [utf8];
