// Pictures of a report for docs/measuring.md: scripts/report-screenshots.mjs.
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { startBrowser } from "../testing/browser.ts";

/** Above the fold of a desk's screen, and of a phone's. */
const VIEWS = [
  { width: 1440, height: 1500, colorScheme: "light" },
  { width: 360, height: 900, colorScheme: "dark" },
] as const;

const [page, folder = "docs/images"] = process.argv.slice(2);
if (page === undefined) {
  console.error("name the page that `bench --html` has written");
  process.exit(2);
}
const browser = await startBrowser();
try {
  for (const { width, height, colorScheme } of VIEWS) {
    const tab = await browser.newPage({ viewport: { width, height }, colorScheme });
    await tab.goto(pathToFileURL(resolve(page)).href);
    const path = join(folder, `report-${width}-${colorScheme}.png`);
    await tab.screenshot({ path });
    console.log(path);
  }
} finally {
  await browser.close();
}
