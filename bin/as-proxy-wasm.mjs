#!/usr/bin/env node
// What package.json names as the command. A file of its own, because npm links only what is there
// when it installs, and dist/ is made after that.
import "../dist/bin/as-proxy-wasm.js";
