import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, editDistance } from "./did-you-mean.ts";

test("edits are counted: insert, delete, replace and a swap of neighbours are one each", () => {
  assert.equal(editDistance("", ""), 0);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("build", "build"), 0);
  assert.equal(editDistance("bild", "build"), 1);
  assert.equal(editDistance("buildd", "build"), 1);
  assert.equal(editDistance("buuld", "build"), 1);
  assert.equal(editDistance("biuld", "build"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
});

test("a distance beyond the limit is told as the limit plus one", () => {
  assert.equal(editDistance("kitten", "sitting", 2), 3);
  assert.equal(editDistance("a", "b".repeat(1_000_000), 3), 4);
});

test("the closest candidate is suggested, whatever its case", () => {
  const callbacks = ["onRequestHeaders", "onRequestBody", "onResponseHeaders", "onLog"];
  assert.equal(didYouMean("onRequestHeader", callbacks), "onRequestHeaders");
  assert.equal(didYouMean("onHttpRequestHeaders", callbacks), "onRequestHeaders");
  assert.equal(didYouMean("onresponseheaders", callbacks), "onResponseHeaders");
  assert.equal(didYouMean("onlog", callbacks), "onLog");
  assert.equal(didYouMean("OnLog", ["onlog", "onLog"]), "onLog");
});

test("nothing is suggested when nothing is close", () => {
  assert.equal(didYouMean("frobnicate", ["build", "inspect", "run", "bench"]), null);
  assert.equal(didYouMean("", ["build"]), null);
  assert.equal(didYouMean("build", []), null);
  assert.equal(didYouMean("x".repeat(1_000_000), ["build", "inspect"]), null);
});
