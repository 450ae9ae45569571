// A ToolError as data, for the terminal and the page.
import type { ToolError } from "../../sdk/errors.ts";
import type { Failure } from "./events.ts";

/** What an error says, as it crosses to the page. */
export function failureOf(error: ToolError): Failure {
  const { code, message, place = null, detail = "", hint = null } = error;
  return { code, message, place, detail, hint };
}
