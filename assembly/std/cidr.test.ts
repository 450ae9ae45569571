import assert from "node:assert/strict";
import { isIP } from "node:net";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { faultOf, type ResultExports } from "../testing/results.ts";
import { fuzzes } from "./cidr.fuzz.ts";

interface CidrExports extends ResultExports {
  parse(text: number): number;
  parseWithPort(text: number): number;
  isIpv4(text: number): number;
  equal(a: number, b: number): number;
  isRange(text: number): number;
  contains(range: number, address: number): number;
  listContains(ranges: number, address: number): number;
}

let driver: Driver<CidrExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/cidr.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

const write = (text: string): number => driver.writeText(text);
const parse = (text: string): string | null => driver.readText(driver.exports.parse(write(text)));
const parseWithPort = (text: string): string | null =>
  driver.readText(driver.exports.parseWithPort(write(text)));
const isRange = (text: string): boolean => driver.exports.isRange(write(text)) !== 0;
const contains = (range: string, address: string): boolean => {
  const answer = driver.exports.contains(write(range), write(address));
  assert.notEqual(answer, -1, `${range} ${address}`);
  return answer === 1;
};

describe("addresses", () => {
  test("the text forms of RFC 4291, section 2.2, in the form of RFC 5952", () => {
    const cases = [
      ["ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"],
      ["2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"],
      ["FF01:0:0:0:0:0:0:101", "ff01::101"],
      ["FF01::101", "ff01::101"],
      ["0:0:0:0:0:0:0:1", "::1"],
      ["::1", "::1"],
      ["0:0:0:0:0:0:0:0", "::"],
      ["::", "::"],
      ["0:0:0:0:0:0:13.1.68.3", "::d01:4403"],
      ["::13.1.68.3", "::d01:4403"],
      ["0:0:0:0:0:FFFF:129.144.52.38", "129.144.52.38"],
      ["::FFFF:129.144.52.38", "129.144.52.38"],
      ["::ffff:8190:3426", "129.144.52.38"],
      ["129.144.52.38", "129.144.52.38"],
    ] as const;
    for (const [text, form] of cases) assert.equal(parse(text), form, text);
  });

  test("the examples of RFC 5952, sections 1 to 4", () => {
    // prettier-ignore
    for (const text of [
      "2001:db8:0:0:1:0:0:1",
      "2001:0db8:0:0:1:0:0:1",
      "2001:db8::1:0:0:1",
      "2001:db8::0:1:0:0:1",
      "2001:0db8::1:0:0:1",
      "2001:db8:0:0:1::1",
      "2001:db8:0000:0:1::1",
      "2001:DB8:0:0:1::1",
    ])
      assert.equal(parse(text), "2001:db8::1:0:0:1", text);
    assert.equal(parse("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1", "one group stays");
    assert.equal(parse("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1", "the longest run");
    assert.equal(parse("1:0:0:0:0:0:0:0"), "1::");
  });

  test("everything else is none", () => {
    // prettier-ignore
    for (const text of [
      "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "01.2.3.4", "1.2.3.04",
      "0x1.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/8", "1.2.3.4:80", "1.2.3.1e", "-1.2.3.4", "1.2.3.4\u0000",
      "\u0661.2.3.4", "0000.1.1.1", ":", ":::", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
      "1:2:3:4::5:6:7:8", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%eth0", "[::1]", "::1.2.3",
      "::1.2.3.4.5", "::1.2.3.400", "1.2.3.4::", "::1.2.3.4:1", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:01.2.3.4", "1:2",
      "\ud800::", "1:::2", "::00001",
    ]) {
      assert.equal(parse(text), null, text);
      assert.equal(isIP(text.replace(/%.*/, "%")), 0, text);
    }
  });

  test("an IPv4 address is the one that it is mapped to", () => {
    const equal = (a: string, b: string): boolean => driver.exports.equal(write(a), write(b)) !== 0;
    assert.equal(equal("192.0.2.1", "::ffff:192.0.2.1"), true);
    assert.equal(equal("192.0.2.1", "::ffff:c000:201"), true);
    assert.equal(equal("192.0.2.1", "::192.0.2.1"), false);
    assert.equal(driver.exports.isIpv4(write("::ffff:c000:201")), 1);
    assert.equal(driver.exports.isIpv4(write("::c000:201")), 0);
    assert.equal(driver.exports.isIpv4(write("1::ffff:c000:201")), 0);
  });

  test("with and without a port", () => {
    for (const [text, address] of [
      ["192.0.2.1:8080", "192.0.2.1"],
      ["192.0.2.1", "192.0.2.1"],
      ["[2001:db8::1]:65535", "2001:db8::1"],
      ["[2001:db8::1]", "2001:db8::1"],
      ["2001:db8::1:80", "2001:db8::1:80"],
      ["::1", "::1"],
      ["[::ffff:192.0.2.1]:1", "192.0.2.1"],
      ["::ffff:192.0.2.1", "192.0.2.1"],
    ] as const)
      assert.equal(parseWithPort(text), address, text);
    // prettier-ignore
    for (const text of [
      "", ":", ":80", "[]", "[", "]", "[]:80", "[::1", "::1]", "[::1]80", "[::1]:", "[::1]:123456", "[::1]:8a",
      "192.0.2.1:", "192.0.2.1:123456", "192.0.2:80", "[192.0.2.1:80", "a:80", "[[::1]]", "[::1]]:80", "host:80", "/run/x.sock",
    ])
      assert.equal(parseWithPort(text), null, text);
  });
});

describe("ranges", () => {
  test("the prefixes of RFC 4291, section 2.3", () => {
    const ranges = [
      "2001:0DB8:0000:CD30:0000:0000:0000:0000/60",
      "2001:0DB8::CD30:0:0:0:0/60",
      "2001:0DB8:0:CD30::/60",
      "2001:0DB8:0:CD30:123:4567:89AB:CDEF/60",
    ];
    for (const range of ranges) {
      assert.equal(contains(range, "2001:db8:0:cd30::"), true);
      assert.equal(contains(range, "2001:db8:0:cd3f:ffff:ffff:ffff:ffff"), true);
      assert.equal(contains(range, "2001:db8:0:cd40::"), false);
      assert.equal(contains(range, "2001:db8:0:cd2f::"), false);
    }
    assert.equal(isRange("2001:0DB8:0:CD3/60"), false, "drops trailing zeros within a group");
    assert.equal(contains("2001:0DB8::CD30/60", "2001:db8:0:cd30::"), false);
    assert.equal(contains("2001:0DB8::CD3/60", "2001:db8:0:cd30::"), false);
  });

  test("what is no range", () => {
    // prettier-ignore
    for (const text of [
      "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10/8",
      "10.0.0.0/ 8", "10.0.0.0/0008", "::/129", "::/1000", "::/ffff", "10.0.0.0\\8", "10.0.0.0/255.0.0.0",
      `${"1".repeat(100)}/8`, "1.2.3.4/4294967304",
    ])
      assert.equal(isRange(text), false, text);
    for (const text of [
      "10.0.0.0/0",
      "10.0.0.0/32",
      "::/0",
      "::/128",
      "10.0.0.1",
      "::1",
      "::ffff:1.2.3.4/96",
    ])
      assert.equal(isRange(text), true, text);
  });

  test("mapped addresses and IPv4 ranges go together", () => {
    assert.equal(contains("10.0.0.0/8", "::ffff:10.1.2.3"), true);
    assert.equal(contains("::ffff:10.0.0.0/104", "10.1.2.3"), true);
    assert.equal(contains("0.0.0.0/0", "::1"), false);
    assert.equal(contains("0.0.0.0/0", "255.255.255.255"), true);
    assert.equal(contains("::/0", "1.2.3.4"), true);
    assert.equal(contains("10.0.0.1", "10.0.0.1"), true);
    assert.equal(contains("10.0.0.1", "10.0.0.2"), false);
  });

  test("a list names the first that is none", () => {
    const check = (ranges: string[], address: string): unknown => {
      const answer = driver.exports.listContains(write(ranges.join("\n")), write(address)) !== 0;
      return faultOf(driver, !answer) ?? answer;
    };
    assert.equal(check(["10.0.0.0/8", "2001:db8::/32"], "2001:db8:1::"), true);
    assert.equal(check(["10.0.0.0/8", "2001:db8::/32"], "11.0.0.1"), false);
    assert.deepEqual(check(["10.0.0.0/8", "10.0.0/8", "x"], "10.0.0.1"), {
      error: "cidr: no address or range: 10.0.0/8",
      offset: 1,
    });
    assert.deepEqual(check(["x".repeat(100)], "10.0.0.1"), {
      error: `cidr: no address or range: ${"x".repeat(64)}...`,
      offset: 0,
    });
  });
});

testFuzzes(fuzzes, 3000, 4291);

test("millions of digits, of colons and of points are no address", () => {
  for (const text of ["1", ":", ".", "/", "[", "1:"].map((c) => c.repeat(4 * 1024 * 1024))) {
    assert.equal(parse(text), null);
    assert.equal(parseWithPort(text), null);
    assert.equal(isRange(text), false);
    driver.collect();
  }
});
