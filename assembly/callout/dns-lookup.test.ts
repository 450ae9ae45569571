// Lookups against a host that answers when and what the test wants: later, inside of the call, or
// nonsense. conformance/dns.test.ts has Envoy's own answers.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Driver, compileDriver } from "../testing/asc-driver.ts";
import { Random } from "../testing/random.ts";

interface Exports {
  malloc(size: number): number;
  envoy_on_resolve_dns(root: number, token: number, size: number): void;
  proxy_on_tick(root: number): void;
  ask(context: number, name: number): number;
  askAgain(context: number, number: number, name: number): number;
  isPending(number: number): number;
  end(context: number): void;
  take(): number;
}

const OK = 0;
const BAD_ARGUMENT = 2;
const ROOT = 1;

let binary: Uint8Array<ArrayBuffer>;
before(async () => {
  binary = await compileDriver("assembly/callout/dns-lookup.driver.ts");
});

/** Addresses as Envoy writes them. */
function answer(...entries: readonly (readonly [address: string, ttl: number])[]): Buffer {
  const head = Buffer.alloc(4 + 4 * entries.length);
  head.writeUInt32LE(entries.length);
  entries.forEach(([, ttl], index) => head.writeUInt32LE(ttl, 4 + 4 * index));
  return Buffer.concat([head, ...entries.map(([address]) => Buffer.from(`${address}\0`))]);
}

/** A guest, and what its host does. */
class Guest {
  readonly names: string[] = [];
  readonly driver: Driver<Exports>;
  /** What `envoy_resolve_dns` answers, and what it does before. */
  status = OK;
  meanwhile: (token: number) => void = () => undefined;
  /** What `proxy_set_effective_context` and `proxy_set_tick_period_milliseconds` answer. */
  effectiveStatus = OK;
  tickStatus = OK;
  period = 0;
  milliseconds = 1;
  #tokens = 0;
  #answer: Buffer = Buffer.alloc(0);

  constructor() {
    const view = (): DataView => new DataView(this.driver.exports.memory.buffer);
    this.driver = new Driver<Exports>(binary, {
      env: {
        envoy_resolve_dns: (name: number, size: number, outToken: number): number => {
          this.names.push(Buffer.from(view().buffer, name, size).toString());
          const token = ++this.#tokens;
          if (this.status === OK) view().setUint32(outToken, token, true);
          this.meanwhile(token);
          return this.status;
        },
        proxy_get_buffer_bytes: (
          buffer: number,
          start: number,
          length: number,
          outData: number,
          outSize: number,
        ): number => {
          assert.equal(buffer, 8);
          const bytes = this.#answer.subarray(start, start + length);
          const data = bytes.length === 0 ? 0 : this.driver.exports.malloc(bytes.length);
          new Uint8Array(view().buffer).set(bytes, data);
          view().setUint32(outData, data, true);
          view().setUint32(outSize, bytes.length, true);
          return OK;
        },
        proxy_set_effective_context: () => this.effectiveStatus,
        proxy_set_tick_period_milliseconds: (period: number): number => {
          if (this.tickStatus === OK) this.period = period;
          return this.tickStatus;
        },
        proxy_log: () => OK,
      },
      wasi_snapshot_preview1: {
        clock_time_get: (_clock: number, _precision: bigint, out: number): number => {
          view().setBigUint64(out, BigInt(this.milliseconds) * 1_000_000n, true);
          return 0;
        },
      },
    });
  }

  ask(context: number, name = "name"): number {
    return this.driver.exports.ask(context, this.driver.writeText(name));
  }

  askAgain(context: number, number: number): number {
    return this.driver.exports.askAgain(context, number, this.driver.writeText("name"));
  }

  answer(token: number, bytes: Buffer): void {
    this.#answer = bytes;
    this.driver.exports.envoy_on_resolve_dns(ROOT, token, bytes.length);
    this.#answer = Buffer.alloc(0);
  }

  tick(): void {
    this.milliseconds += 1;
    this.driver.exports.proxy_on_tick(ROOT);
  }

  told(): string[] {
    const text = this.driver.readText(this.driver.exports.take()) ?? "";
    return text === "" ? [] : text.split("\n");
  }
}

const LOCAL = answer(["127.0.0.1:0", 7]);

test("answers that come later reach the lookups that asked, in whatever order they come", () => {
  const guest = new Guest();
  assert.deepEqual([guest.ask(2, "a.example"), guest.ask(3), guest.ask(ROOT)], [OK, OK, OK]);
  guest.answer(3, answer(["192.0.2.1:0", 60], ["[2001:db8::1]:0", 0xffffffff]));
  guest.answer(1, answer());
  guest.answer(2, Buffer.alloc(0));
  guest.answer(2, LOCAL);
  guest.answer(99, LOCAL);
  assert.deepEqual(guest.told(), [
    "2 in 1: resolved 192.0.2.1=60 2001:db8::1=4294967295",
    "0 in 2: resolved",
    "1 in 3: failed",
  ]);
  assert.equal(guest.names[0], "a.example");
  assert.equal(guest.period, 0, "and no tick was needed");
});

test("an answer inside of the call is handed over by the next tick, once", () => {
  const guest = new Guest();
  guest.meanwhile = (token) => {
    guest.answer(token, LOCAL);
  };
  assert.deepEqual([guest.ask(2), guest.ask(ROOT)], [OK, OK]);
  assert.deepEqual(guest.told(), []);
  assert.equal(guest.driver.exports.isPending(0), 1);
  assert.equal(guest.askAgain(2, 0), BAD_ARGUMENT);
  guest.tick();
  assert.deepEqual(guest.told(), ["0 in 2: resolved 127.0.0.1=7", "1 in 1: resolved 127.0.0.1=7"]);
  assert.equal(guest.driver.exports.isPending(0), 0);
  guest.tick();
  assert.deepEqual(guest.told(), []);
  assert.equal(guest.askAgain(2, 0), OK);
});

test("an answer to another lookup inside of the call waits for the tick too", () => {
  const guest = new Guest();
  guest.ask(2);
  guest.meanwhile = () => {
    guest.answer(1, Buffer.alloc(0));
  };
  guest.ask(3);
  assert.deepEqual(guest.told(), []);
  guest.tick();
  assert.deepEqual(guest.told(), ["0 in 2: failed"]);
  guest.answer(2, LOCAL);
  assert.deepEqual(guest.told(), ["1 in 3: resolved 127.0.0.1=7"]);
});

test("what a stream asked is dropped when it ends, answered or not", () => {
  const guest = new Guest();
  guest.ask(2);
  guest.driver.exports.end(2);
  guest.answer(1, LOCAL);
  guest.meanwhile = (token) => {
    guest.answer(token, LOCAL);
  };
  guest.ask(2);
  guest.driver.exports.end(2);
  guest.tick();
  assert.deepEqual(guest.told(), []);
  assert.equal(guest.driver.exports.isPending(0), 0);
});

test("nothing is called where the host does not let the answer act on its stream", () => {
  const guest = new Guest();
  guest.ask(2);
  guest.effectiveStatus = BAD_ARGUMENT;
  guest.answer(1, LOCAL);
  assert.deepEqual(guest.told(), []);
});

test("a call that is refused leaves nothing under way", () => {
  const guest = new Guest();
  for (let status = 1; status <= 12; status++) {
    guest.status = status;
    assert.equal(guest.ask(2), status);
  }
  guest.status = OK;
  assert.equal(guest.ask(2, ""), BAD_ARGUMENT);
  assert.equal(guest.ask(2, "a\0b"), BAD_ARGUMENT);
  guest.meanwhile = (token) => {
    guest.answer(token, LOCAL);
  };
  guest.tickStatus = 10;
  assert.equal(guest.ask(2), 10, "a host without ticks cannot hand an early answer over");
  for (let number = 0; number < 15; number++)
    assert.equal(guest.driver.exports.isPending(number), 0, `lookup ${number}`);
});

test("whatever bytes an answer has, the lookup is told, and nothing traps", () => {
  const guest = new Guest();
  const random = new Random(7);
  const whole = answer(["192.0.2.1:0", 1], ["[::1]:0", 2], ["nonsense", 3], ["", 4]);
  const answers = [whole];
  for (let length = 0; length < whole.length; length++) answers.push(whole.subarray(0, length));
  for (let round = 0; round < 2000; round++) {
    const bytes = Buffer.from(whole);
    for (let each = 0; each < 3; each++) bytes[random.below(bytes.length)] = random.below(256);
    answers.push(bytes);
  }
  for (const [index, bytes] of answers.entries()) {
    guest.ask(2);
    guest.answer(index + 1, bytes);
    const [line] = guest.told();
    assert.match(line ?? "nothing", new RegExp(`^${index} in 2: (resolved|failed)`));
    if (index === 0) assert.ok(line?.endsWith(": resolved 192.0.2.1=1 ::1=2 nonsense=3 =4"));
    else if (index <= whole.length) assert.ok(line?.endsWith("failed"));
  }
});
