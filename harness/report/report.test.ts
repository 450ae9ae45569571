import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { temporaryFolder } from "../../sdk/testing/temporary-folder.ts";
import { startBrowser } from "../testing/browser.ts";
import { renderAddressReport } from "./address-report.ts";
import { renderReport } from "./report.ts";
import { sampleReport } from "./testing.ts";

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** Opens a page from disk; `complaints` is what the browser says of it. */
async function opened(
  file: string,
  width: number,
  colorScheme: "light" | "dark",
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("data:"))
      complaints.push(`asks for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, complaints };
}

function widthOf(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth");
}

for (const [width, colorScheme] of [
  [360, "dark"],
  [1440, "light"],
] as const) {
  test(`the page is whole at ${width} pixels: no complaint, no overflow, each figure told in text too`, async (t) => {
    const file = join(await temporaryFolder(t), "report.html");
    await writeFile(file, renderReport(sampleReport(["hello", "api-key"])));
    const { page, complaints } = await opened(file, width, colorScheme);
    t.after(() => page.close());

    assert.deepEqual(complaints, []);
    assert.ok((await widthOf(page)) <= width);

    const figures = await page.locator("figure").all();
    assert.equal(figures.length, 9);
    const titles = new Set<string>();
    for (const figure of figures) {
      const title = await figure.locator("h3").innerText();
      titles.add(title);
      assert.equal(await figure.getByRole("img", { name: title, exact: true }).count(), 1, title);
      assert.equal(await figure.locator("table").isVisible(), false, title);
      // The table opens by keyboard.
      await figure.locator("summary").focus();
      await page.keyboard.press("Enter");
      assert.equal(await figure.locator("table").isVisible(), true, title);
      assert.ok((await figure.locator("tbody tr").count()) > 0, title);
      assert.doesNotMatch(await figure.innerHTML(), /NaN|undefined|Infinity|null/, title);
    }
    assert.equal(titles.size, figures.length);
    // Also with all tables open.
    assert.ok((await widthOf(page)) <= width);
  });
}

test("the verdicts and the budgets are said in words", async (t) => {
  const file = join(await temporaryFolder(t), "report.html");
  await writeFile(file, renderReport(sampleReport(["hello", "api-key"])));
  const { page } = await opened(file, 1440, "light");
  t.after(() => page.close());
  const text = await page.locator("body").innerText();
  assert.match(text, /hello adds 1500 ns/);
  assert.match(text, /Budgets: 1 of 2 exceeded/);
  assert.match(text, /exceeded api-key: added_p50_us is 3/);
  assert.match(text, /the machine was busy/);
  assert.match(text, /A\/A control/);
});

test("what comes from outside stays text", async (t) => {
  const name = `<img src=x onerror="document.title='owned'">&amp;\u0007'`;
  const file = join(await temporaryFolder(t), "report.html");
  await writeFile(file, renderReport(sampleReport([name])));
  const { page, complaints } = await opened(file, 1440, "light");
  t.after(() => page.close());
  assert.deepEqual(complaints, []);
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.locator(".card h3").innerText(), name.replace("\u0007", "\u{fffd}"));
});

test("two addresses have a page of the same kind", async (t) => {
  const { base, control, filters, timeLine, environment, tool } = sampleReport(["candidate"]);
  const [candidate] = filters;
  assert.ok(candidate !== undefined);
  const file = join(await temporaryFolder(t), "report.html");
  const page = renderAddressReport({
    ...{ schema: 1, kind: "addresses", startedAt: "2030-01-02T03:04:05.678Z", durationSeconds: 4 },
    ...{ endedEarly: null, tool, environment, control, candidate, timeLine },
    method: {
      ...{ seed: 1, flags: [], starts: 6, rounds: 300, blocks: "starts", rates: [500] },
      confidence: 0.95,
    },
    baselineUrl: "http://a/<i>",
    candidateUrl: "http://b/",
    baseline: base,
    verdict: candidate.verdict,
    notes: [],
  });
  await writeFile(file, page);
  for (const width of [360, 1440]) {
    const opening = await opened(file, width, "light");
    t.after(() => opening.page.close());
    assert.deepEqual(opening.complaints, []);
    assert.ok((await widthOf(opening.page)) <= width);
    assert.equal(await opening.page.locator("figure").count(), 5);
    const text = await opening.page.locator("body").innerText();
    assert.match(text, /http:\/\/a\/<i>/);
    // There is no Envoy of ours, and no filter.
    assert.doesNotMatch(text, /no filter|in the proxy|NaN|undefined/);
  }
});

test("a run that ended early, with nothing measured, is a page too", async (t) => {
  const whole = sampleReport(["hello"]);
  const file = join(await temporaryFolder(t), "report.html");
  await writeFile(
    file,
    renderReport({
      ...whole,
      endedEarly: "interrupted",
      timeLine: { atSeconds: [], starts: [] },
      sweeps: [],
      budgets: [],
      loads: [],
      notes: [],
      filters: whole.filters.map((filter) => ({
        ...filter,
        addedQuantiles: [],
        counts: null,
        memoryPerVmBytes: null,
        histogram: { edges: [], counts: [] },
      })),
      base: { ...whole.base, histogram: { edges: [], counts: [] }, rates: [] },
    }),
  );
  const { page, complaints } = await opened(file, 360, "light");
  t.after(() => page.close());
  assert.deepEqual(complaints, []);
  assert.match(await page.locator("header").innerText(), /Ended early: interrupted/);
  assert.doesNotMatch(await page.locator("main").innerHTML(), /NaN|Infinity/);
});
