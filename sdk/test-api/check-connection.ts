import { ToolError } from "../errors.ts";
import { checkWanted } from "./further-plugins.ts";
import type { FilterOptions, Protocol } from "./options.ts";
import { checkProtocol } from "./protocol.ts";
import type { ConnectionInit } from "./tcp-api.ts";

/** Throws ERR_USAGE for a connection that a filter, loaded so under that name, cannot be sent. */
export function checkConnection(
  loaded: Protocol,
  name: string,
  options: FilterOptions,
  { plugin, upstream }: ConnectionInit,
): void {
  checkProtocol(loaded, "tcp");
  if (plugin !== undefined) checkWanted(name, options, plugin);
  if (options.tcpUpstream === null && upstream !== undefined) {
    throw new ToolError("ERR_USAGE", "a connection cannot have a server where nobody listens", {
      hint: "Load the filter without `tcpUpstream: null`, or connect without `upstream`.",
    });
  }
}
