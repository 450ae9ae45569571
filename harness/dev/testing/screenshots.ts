// Takes the pictures that docs/dev.md shows; run by scripts/dev-screenshots.mjs.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startBrowser } from "../../testing/browser.ts";
import { sendTraffic, startScenario } from "./scenario.ts";

const folder = resolve(process.argv[2] ?? "docs/images");
await mkdir(folder, { recursive: true });
const scenario = await startScenario();
const browser = await startBrowser();
try {
  await sendTraffic(scenario);
  await scenario.edit("tenant.ts", '"public"', '"anybody"');
  await scenario.io.until(/build 2: .*swapped/);
  await sendTraffic(scenario);
  for (const [name, width, height, colorScheme] of [
    ["dev-1440-light", 1440, 1000, "light"],
    ["dev-1440-dark", 1440, 1000, "dark"],
    ["dev-360-light", 360, 780, "light"],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(scenario.url);
    await page.getByRole("option", { name: "/cart" }).first().click();
    // The statistics are read once a second.
    await page.locator("#tile-requests").getByText("50").waitFor();
    await page.locator("#metrics").getByText("p50").waitFor();
    await page.evaluate("document.activeElement.blur()");
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: width < 1000 });
    await page.close();
  }
  await scenario.edit("filter.ts", "headers.remove", "headers.remov");
  await scenario.io.until(/build 3: .*not built/);
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  await page.goto(scenario.url);
  await page.getByRole("alert").waitFor();
  await page.screenshot({ path: join(folder, "dev-1440-error.png") });
} finally {
  await browser.close();
  await scenario.close();
}
