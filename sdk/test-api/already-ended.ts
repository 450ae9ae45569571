import { ToolError } from "../errors.ts";

/** One end of a connection is to send behind its end. */
export function alreadyEnded(who: "client" | "server"): ToolError {
  return new ToolError("ERR_USAGE", `the ${who} has ended its side of the connection`, {
    hint: "Send before end() and reset(), or open another connection.",
  });
}
