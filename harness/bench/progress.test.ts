import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress } from "./progress.ts";

function show(interactive: boolean): string {
  let text = "";
  const progress = new Progress({
    interactive,
    err: (more) => {
      text += more;
    },
  });
  progress.show("starting");
  progress.show("measuring", 0.127);
  progress.show("measuring, in detail", 1);
  progress.end();
  progress.end();
  return text;
}

test("in a terminal one line is redrawn, and gone in the end", () => {
  const start = "\r\x1b[K";
  const drawn = ["starting", "measuring 12 %", "measuring, in detail 100 %", ""];
  assert.equal(show(true), drawn.map((text) => start + text).join(""));
});

test("elsewhere each phase is a line, up to its first comma", () => {
  assert.equal(show(false), "starting\nmeasuring\n");
});
