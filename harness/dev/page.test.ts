// The live page in a real browser, on a phone's width and on a desk's: what it shows is what `dev`
// and a real Envoy have done.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { ExitCode } from "../../sdk/errors.ts";
import { startBrowser } from "../testing/browser.ts";
import { sendTraffic, startScenario } from "./testing/scenario.ts";
import type { Scenario } from "./testing/scenario.ts";

let scenario: Scenario;
let browser: Browser;
before(async () => {
  [scenario, browser] = await Promise.all([startScenario(), startBrowser()]);
  await sendTraffic(scenario);
});
after(async () => {
  await browser.close();
  assert.equal(await scenario.close(), ExitCode.Ok);
});

/** Opens the page; whatever the console or the page complains of is in the list. */
async function open(width: number): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (failed) => complaints.push(failed.url()));
  await page.goto(scenario.url);
  await page.getByRole("status").getByText("serves").waitFor();
  return { page, complaints };
}

/** The rows of the list of requests. */
function requestsOf(page: Page): Locator {
  return page.getByRole("listbox").getByRole("option");
}

for (const width of [360, 1440]) {
  test(`at ${width} pixels: nothing complains, nothing is cut off sideways, and all that acts has a name`, async () => {
    const { page, complaints } = await open(width);
    await requestsOf(page).first().waitFor();
    assert.equal(
      await page.evaluate("document.documentElement.scrollWidth"),
      width,
      "the page scrolls sideways",
    );
    assert.ok(
      await page.evaluate(
        "document.documentElement.scrollHeight - document.querySelector('footer').offsetTop < 300",
      ),
      "the page goes on below its end",
    );
    const unnamed = await page.evaluate(`
      [...document.querySelectorAll("img")].filter((each) => !each.hasAttribute("alt")).length +
      [...document.querySelectorAll("svg")].filter((each) => !each.getAttribute("aria-label")).length
    `);
    assert.equal(unnamed, 0, "a picture has no text alternative");
    for (const role of [
      "button",
      "textbox",
      "searchbox",
      "combobox",
      "checkbox",
      "listbox",
      "table",
    ] as const) {
      const all = await page.getByRole(role).count();
      const named = await page.getByRole(role, { name: /\S/ }).count();
      assert.equal(named, all, `${role} without a name`);
      if (role !== "textbox") assert.ok(all > 0, `no ${role}`);
    }
    assert.match(
      (await page.getByRole("img", { name: /^Time in the filter/ }).getAttribute("aria-label")) ??
        "",
      /last \d+ requests: median \d.*, lowest \d.*, highest \d/,
    );
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

test("a request shows what the filter added, removed and changed, in both directions", async () => {
  const { page, complaints } = await open(1440);
  await page.getByRole("option", { name: "/cart" }).first().click();
  const [request, response] = [
    page.getByRole("table", { name: /^Request/ }),
    page.getByRole("table", { name: /^Response/ }),
  ];
  const row = (table: Locator, name: RegExp): Promise<string> =>
    table
      .getByRole("row", { name })
      .innerText()
      .then((text) => text.replace(/\s+/g, " ").trim());
  assert.equal(await row(request, /x-tenant/), "+ added x-tenant acme");
  assert.equal(await row(request, /x-debug/), "− removed x-debug 1");
  assert.equal(
    await row(request, /user-agent/),
    "~ changed user-agent before: shop/4.2 after: gateway/1.0",
  );
  assert.equal(await row(request, /content-type/), "content-type application/json");
  assert.equal(await row(request, /^body/), "body 27 bytes");
  assert.equal(await row(response, /cache-control/), "+ added cache-control no-store");
  assert.match(await row(response, /^body/), /^body \d+ bytes$/);
  assert.match(
    await page.locator("#detail").innerText(),
    /Request[^]*\d µs in the filter[^]*Response[^]*\d µs in/,
  );
  await page.getByLabel("Only changes").check();
  assert.equal(await request.getByRole("row", { name: /content-type/ }).count(), 0);
  assert.equal(await request.getByRole("row", { name: /x-tenant/ }).count(), 1);

  await page.getByRole("option", { name: "/admin/users" }).first().click();
  await page.getByText("the upstream never saw it").waitFor();
  await page.getByText("The filter did not let it go on.").waitFor();
  await page.getByRole("log").getByText("no key for /admin/users").first().waitFor();
  await page.getByRole("log").getByText("tenant/filter.ts:27:7").first().waitFor();
  await page.locator("#metrics").getByText("tenant_requests").waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the keyboard alone reaches and does everything", async () => {
  const { page } = await open(1440);
  const focused = (): Promise<string> =>
    page.evaluate<string>("document.activeElement.id || document.activeElement.textContent.trim()");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the requests");
  await page.keyboard.press("Enter");
  assert.match(page.url(), /#requests$/);
  const stops: string[] = [];
  await page.locator("body").press("Home");
  await page.reload();
  await requestsOf(page).first().waitFor();
  for (let stop = 0; stop < 16; stop++) {
    await page.keyboard.press("Tab");
    stops.push(await focused());
  }
  for (const id of [
    "copy",
    "find",
    "pause",
    "clear",
    "requests",
    "only",
    "detail",
    "level",
    "logs",
    "builds",
  ]) {
    assert.ok(stops.includes(id), `${id} in ${stops.join(", ")}`);
  }

  await page.getByRole("listbox").focus();
  const chosen = page.getByRole("listbox").getByRole("option", { selected: true });
  await page.keyboard.press("Home");
  const first = await chosen.getAttribute("id");
  await page.keyboard.press("ArrowDown");
  const second = await chosen.getAttribute("id");
  assert.notEqual(second, first);
  assert.equal(await page.getByRole("listbox").getAttribute("aria-activedescendant"), second);
  await page.keyboard.press("End");
  assert.notEqual(await chosen.getAttribute("id"), second);
  await page.keyboard.press("n");
  assert.equal(await chosen.getAttribute("id"), first);

  await page.keyboard.press("/");
  assert.equal(await focused(), "find");
  await page.keyboard.type("head 200");
  await page.getByRole("option", { name: "/cart" }).first().waitFor({ state: "detached" });
  assert.ok((await requestsOf(page).count()) > 0);
  await page.close();
});

test("a request is sent from the page, with headers and body", async () => {
  const { page, complaints } = await open(360);
  await page.getByLabel("Method", { exact: true }).selectOption("PUT");
  await page.getByLabel("Path", { exact: true }).fill("/from-page");
  await page.getByText("Headers and body").click();
  await page.getByLabel("Headers, one a line").fill("x-debug: from the page\nhost: shop.test");
  await page.getByLabel("Body").fill("héllo");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Answered 200.").waitFor();
  await page.getByRole("option", { name: "/from-page" }).click();
  const table = page.getByRole("table", { name: /^Request/ });
  await table.getByText("from the page").waitFor();
  await table.getByText("6 bytes").waitFor();
  await page.getByLabel("Headers, one a line").fill("not a header");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Not sent: not a header").waitFor();
  assert.deepEqual(
    complaints.filter((text) => !text.includes("400 (Bad Request)")),
    [],
  );
  await page.close();
});

test("a paused list stands still and goes on with what came meanwhile", async () => {
  const { page } = await open(1440);
  await page.keyboard.press("p");
  await scenario.send("GET", "/while-paused", { host: "acme.test" });
  await page.getByRole("log").getByText("acme asks for /while-paused").waitFor();
  assert.equal(await page.getByRole("option", { name: "/while-paused" }).count(), 0);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("option", { name: "/while-paused" }).waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("Nothing has passed yet.").waitFor();
  await page.close();
});

test("the server answers only who asks for it by its own name, and sends only for its own page", async () => {
  const { port } = new URL(scenario.url);
  const ask = (method: string, path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      httpRequest({ host: "127.0.0.1", port, method, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });
  assert.equal(await ask("GET", "/", { host: `127.0.0.1:${port}` }), 200);
  assert.equal(await ask("GET", "/events", { host: "evil.example" }), 421);
  const host = `localhost:${port}`;
  assert.equal(await ask("POST", "/send", { host }), 403);
  assert.equal(await ask("POST", "/send", { host, origin: "http://evil.example" }), 403);
  assert.equal(await ask("GET", "/../package.json", { host }), 404);
  assert.equal(await ask("DELETE", "/", { host }), 405);
});

test("markup in what passes the filter is shown, not run", async () => {
  const { page, complaints } = await open(1440);
  const markup = "<img src=x onerror=alert(1)>";
  await scenario.send("GET", "/markup?<script>alert(1)</script>", { "x-markup": markup });
  await page.getByRole("option", { name: "<script>alert(1)</script>" }).click();
  await page.getByRole("cell", { name: markup }).first().waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});

// The last: the module does not come back.
test("a change is swapped in on the page; a mistake shows its code frame and what keeps serving", async () => {
  const { page, complaints } = await open(1440);
  await scenario.edit("tenant.ts", '"public"', '"anybody"');
  await page.getByRole("status").getByText("Build 2 serves").waitFor();
  await page.locator("#builds").getByText("tenant/tenant.ts").waitFor();
  await scenario.edit("filter.ts", "headers.remove(", "headers.remov(");
  const alert = page.getByRole("alert");
  await alert.getByText("Build 3 does not build. Build 2 keeps serving.").waitFor();
  await alert.getByText("tenant/filter.ts:32:13").waitFor();
  assert.match(
    await alert.locator("pre").innerText(),
    /32 \| {5}headers\.remov\("x-debug"\);\n.*~{5}/,
  );
  await scenario.edit("filter.ts", "headers.remov(", "headers.remove(");
  await alert.waitFor({ state: "hidden" });
  assert.deepEqual(complaints, []);
  await page.close();
});
