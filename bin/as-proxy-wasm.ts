#!/usr/bin/env node
import { benchCommand } from "../harness/bench/cli.ts";
import { devCommand } from "../harness/cli/dev.ts";
import { envoyFor } from "../harness/cli/envoy-for.ts";
import { runCommand } from "../harness/cli/run.ts";
import { buildCommand } from "../sdk/cli/build.ts";
import { inspectCommand } from "../sdk/cli/inspect.ts";
import { main } from "../sdk/cli/main.ts";
import { nodeIo, wantsColor } from "../sdk/cli/node-io.ts";
import { testCommand } from "../sdk/cli/test.ts";

const test = testCommand({
  locateEnvoy: envoyFor,
  keys: () => process.stdin,
  color: wantsColor(process.env, process.stdout.isTTY),
});
const commands = [buildCommand, inspectCommand, test, runCommand, devCommand, benchCommand];
process.exitCode = await main(process.argv.slice(2), commands, nodeIo());
