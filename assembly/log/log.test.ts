import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";

interface LogDriver {
  callback(level: number): number;
  callbackThatOnlyWrites(): void;
  outsideOfCallbacks(): number;
}

const binary = await compileDriver("assembly/log/log.driver.ts");

const LEVEL = { trace: 0, debug: 1, info: 2, error: 4, critical: 5, off: 6 } as const;

/** A driver under a host that logs at `level`, and what the host was asked. */
function underHost(level: number, status = 0): { log: LogDriver; calls: string[] } {
  const calls: string[] = [];
  const driver = new Driver<LogDriver>(binary, {
    env: {
      proxy_log: (at: number, data: number, size: number) => {
        const text = Buffer.from(driver.exports.memory.buffer, data, size).toString();
        calls.push(`log ${at} ${text}`);
        return 0;
      },
      proxy_get_log_level: (out: number) => {
        calls.push("level?");
        if (status === 0) new DataView(driver.exports.memory.buffer).setUint32(out, level, true);
        return status;
      },
    },
  });
  return { log: driver.exports, calls };
}

test("the level is asked for once a callback, and lines below it are not sent", () => {
  const { log, calls } = underHost(LEVEL.info);
  assert.equal(log.callback(LEVEL.debug), 0b011);
  assert.deepEqual(calls, ["level?", "log 4 error"]);
  assert.equal(log.callback(LEVEL.debug), 0b011);
  assert.deepEqual(calls, ["level?", "log 4 error", "level?", "log 4 error"]);
});

test("with logging off nothing is enabled", () => {
  const { log, calls } = underHost(LEVEL.off);
  assert.equal(log.callback(LEVEL.critical), 0);
  assert.deepEqual(calls, ["level?"]);
});

test("a callback that only writes asks for nothing: the host drops what it does not want", () => {
  const { log, calls } = underHost(LEVEL.info);
  log.callbackThatOnlyWrites();
  assert.deepEqual(calls, ["log 1 debug"]);
});

test("a host that does not tell its level gets every line", () => {
  const { log, calls } = underHost(LEVEL.off, 12);
  assert.equal(log.callback(LEVEL.trace), 0b111);
  assert.deepEqual(
    calls.filter((call) => call.startsWith("log")),
    ["log 1 debug", "log 4 error"],
  );
});

test("top-level code may log, and the host, which cannot be asked there, is not", () => {
  const { log, calls } = underHost(LEVEL.off);
  assert.equal(log.outsideOfCallbacks(), 1);
  assert.deepEqual(calls, ["log 2 start"]);
});
