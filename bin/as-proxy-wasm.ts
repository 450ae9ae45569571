#!/usr/bin/env node
import { benchCommand } from "../harness/bench/cli.ts";
import { runCommand } from "../harness/cli/run.ts";
import { buildCommand } from "../sdk/cli/build.ts";
import { inspectCommand } from "../sdk/cli/inspect.ts";
import { main } from "../sdk/cli/main.ts";
import { nodeIo } from "../sdk/cli/node-io.ts";

const commands = [buildCommand, inspectCommand, runCommand, benchCommand];
process.exitCode = await main(process.argv.slice(2), commands, nodeIo());
