// Takes the pictures of the live page that docs/dev.md shows: `node scripts/dev-screenshots.mjs
// [FOLDER]`, by default into docs/images. Needs what the tests need: an Envoy and a Chromium.
import { runSource } from "./run-source.mjs";

await runSource("harness/dev/testing/screenshots.ts");
