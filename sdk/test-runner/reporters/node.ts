// TAP and JUnit as Node's own reporters write them: fed with our results as if they were its events.
import { Readable } from "node:stream";
import { junit, tap } from "node:test/reporters";
import type { TestEvent } from "node:test/reporters";
import type { Reporter, TestResult, Totals } from "../results.ts";
import { countByStatus } from "../results.ts";
import { failurePlace, failureText } from "./failure-text.ts";

type Format = (source: AsyncIterable<unknown>) => AsyncIterable<string>;
const FORMATS: Readonly<Record<"tap" | "junit", Format>> = {
  tap: tap as unknown as Format,
  junit: junit as unknown as Format,
};

/** The part of Node's events that these two read. */
type Event = {
  readonly type: TestEvent["type"];
  readonly data: Readonly<Record<string, unknown>>;
};

export function nodeReporter(
  format: "tap" | "junit",
  out: (text: string) => void,
  cwd: string,
): Reporter {
  const events: Event[] = [];
  let files = 0;
  return {
    file(source, on, results) {
      files++;
      events.push(...fileEvents(`${source} (${on})`, files, results, format, cwd));
    },
    async end(totals) {
      const all = [...events, event("test:plan", { nesting: 0, count: files }), ...counts(totals)];
      for await (const text of FORMATS[format](Readable.from(all))) out(text);
    },
  };
}

const event = (type: Event["type"], data: Event["data"]): Event => ({ type, data });

function fileEvents(
  name: string,
  testNumber: number,
  results: readonly TestResult[],
  format: "tap" | "junit",
  cwd: string,
): Event[] {
  const events = [event("test:start", { nesting: 0, name })];
  for (const [index, result] of results.entries()) {
    const { path, status, milliseconds, reason, file, line, column } = result;
    const failed = status === "failed";
    const what = { nesting: 1, name: path.join(" > ") };
    const skip = status === "skipped" || status === "not applicable";
    events.push(event("test:start", what));
    events.push(
      event(failed ? "test:fail" : "test:pass", {
        ...what,
        testNumber: index + 1,
        ...(file === null || line === null ? {} : { file, line, column }),
        ...(skip ? { skip: reason ?? status } : {}),
        ...(status === "todo" ? { todo: reason ?? status } : {}),
        details: {
          duration_ms: milliseconds,
          ...(failed ? { error: errorOf(result, format, cwd) } : {}),
        },
      }),
    );
  }
  const failures = countByStatus(results).failed;
  const milliseconds = results.reduce((sum, each) => sum + each.milliseconds, 0);
  const details = { duration_ms: milliseconds, type: "suite" };
  events.push(event("test:plan", { nesting: 1, count: results.length }));
  events.push(
    failures === 0
      ? event("test:pass", { nesting: 0, name, testNumber, details })
      : event("test:fail", {
          nesting: 0,
          name,
          testNumber,
          details: { ...details, error: plainError(`${failures} failed`, "subtestsFailed", "") },
        }),
  );
  return events;
}

/** TAP shows the message and the stack, JUnit the message as an attribute of one line, and all of it. */
function errorOf(result: TestResult, format: "tap" | "junit", cwd: string): Error {
  const { name = "Error", message = "", stack = "" } = result.failure ?? {};
  const text = failureText(result, cwd);
  const error = plainError(format === "tap" ? text : oneLine(message), "testCodeFailure", "");
  // What is enumerable is shown once more, and a name that is not the class's beside it.
  Object.defineProperty(error, "name", { value: format === "tap" ? name : "Error" });
  const place = failurePlace(result, cwd);
  const told = place === null ? "" : `at ${place.file}:${place.line}:${place.column}`;
  const frames = (stack === "" ? told : stack).replace(/^(?=.)/gm, "    ");
  error.stack = `${text}\n${frames}`.trimEnd();
  return error;
}

/** What was expected, or why it trapped: up to three lines of a message, without its code frame. */
function oneLine(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  const frame = lines.findIndex((line) => /^\d+ \|/.test(line));
  const told = frame < 0 ? lines : lines.slice(0, frame);
  return told
    .filter((line) => line !== "")
    .slice(0, 3)
    .join(" ");
}

/** An error of which only what is handed over is shown, and nothing of this process. */
function plainError(message: string, failureType: string, stack: string): Error {
  const error = new Error(message);
  Object.defineProperty(error, "failureType", { value: failureType });
  error.stack = stack;
  return error;
}

function counts({
  counts: { passed, failed, skipped, todo, ...more },
  milliseconds,
}: Totals): Event[] {
  const lines = [
    `tests ${passed + failed + skipped + todo + more["not applicable"]}`,
    `pass ${passed}`,
    `fail ${failed}`,
    `skipped ${skipped}`,
    `not applicable ${more["not applicable"]}`,
    `todo ${todo}`,
    `duration_ms ${milliseconds}`,
  ];
  return lines.map((message) => event("test:diagnostic", { nesting: 0, message }));
}
