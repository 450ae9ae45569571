// A real browser for the tests of pages: the Chromium or Chrome that is installed, headless.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const ELSEWHERE = [
  "/usr/lib/chromium/chromium",
  "/snap/bin/chromium",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The path of a browser. Throws, with the way out, where there is none: a test must not pass then. */
export function findBrowser(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = [
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
    ...ELSEWHERE,
  ];
  const found = places.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `no browser was found: looked on the PATH for ${NAMES.join(", ")}, and for ${ELSEWHERE.join(", ")}. ` +
      "On Debian: apt-get install -y chromium; elsewhere: install Chromium or Chrome.",
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts it; the caller closes it. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    // Its sandbox wants rights that containers and root do not give; it sees our own pages only.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}
