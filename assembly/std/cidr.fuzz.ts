// Fuzzing of IP addresses and ranges beside Node's.
import assert from "node:assert/strict";
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";

interface CidrExports {
  parse(text: number): number;
  contains(range: number, address: number): number;
}

const load = async (): Promise<Driver<CidrExports>> =>
  new Driver(await compileDriver("assembly/std/cidr.driver.ts"));

function randomIpv4(random: Random): string {
  return Array.from({ length: 4 }, () =>
    random.pick([0, 1, 10, 127, 128, 255, random.below(256)]),
  ).join(".");
}

function randomIpv6(random: Random): string {
  const groups = Array.from({ length: 8 }, () =>
    random.pick([0, 0, 0, 1, 0xffff, random.below(0x1_0000)]).toString(16),
  );
  if (random.once(4)) groups.splice(6, 2, randomIpv4(random));
  return random.once(2) ? groups.join(":") : groups.join(":").replace(/(^|:)0(:0)*(:|$)/, "::");
}

const addresses = defineFuzz<string>({
  name: "ip-address",
  input(random) {
    const text = random.once(4) ? randomIpv4(random) : randomIpv6(random);
    if (random.once(2)) return text;
    const at = random.below(text.length + 1);
    const piece = random.pick(["", ":", "::", ".", "0", "1", "f", "g", ":0", "25"]);
    return text.slice(0, at) + piece + text.slice(at + random.below(3));
  },
  async load() {
    const driver = await load();
    const parse = (text: string): string | null =>
      driver.readText(driver.exports.parse(driver.writeText(text)));
    return {
      compare(text) {
        const form = parse(text);
        assert.equal(form !== null, isIP(text) !== 0);
        if (form === null) return "refused";
        assert.equal(parse(form), form);
        if (isIPv4(text)) assert.equal(form, text);
        else if (isIPv6(form)) assert.equal(`[${form}]`, new URL(`http://[${text}]`).hostname);
        return "an address";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { "an address": 0.4, refused: 0.1 },
});

interface Range {
  readonly family: "ipv4" | "ipv6";
  readonly network: string;
  readonly prefix: number;
  readonly address: string;
}

const ranges = defineFuzz<Range>({
  name: "cidr",
  input(random) {
    const v4 = random.once(2);
    const any = v4 ? randomIpv4 : randomIpv6;
    const network = any(random);
    const prefix = random.below(v4 ? 33 : 129);
    const beside = network.replace(/[\da-f]$/, (digit) => (digit === "0" ? "1" : "0"));
    const address = random.once(3) ? beside : random.once(2) ? network : any(random);
    return { family: v4 ? "ipv4" : "ipv6", network, prefix, address };
  },
  async load() {
    const driver = await load();
    return {
      compare({ family, network, prefix, address }) {
        const list = new BlockList();
        list.addSubnet(network, prefix, family);
        const expected = list.check(address, family);
        const range = driver.writeText(`${network}/${prefix}`);
        assert.equal(driver.exports.contains(range, driver.writeText(address)), Number(expected));
        return expected ? "within" : "outside";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { within: 0.1, outside: 0.1 },
});

export const fuzzes: readonly Fuzz[] = [addresses, ranges];
