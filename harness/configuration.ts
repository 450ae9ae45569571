// The value of --config: a file, or JSON on the command line.
import { readFile, stat } from "node:fs/promises";
import { messageOf, ToolError } from "../sdk/errors.ts";
import { jsonErrorPlace } from "./json-place.ts";

/**
 * Reads the value of --config. A file is handed on as it is (one whose name ends in .json must be
 * JSON); anything else must be JSON itself. Fails with ERR_CONFIG_INVALID, with the place of the
 * error, or ERR_FILE_NOT_FOUND.
 */
export async function readConfiguration(value: string): Promise<string> {
  const found = await stat(value).catch(() => null);
  if (found?.isFile() === true) {
    const text = await readFile(value, "utf8").catch((cause: unknown) => {
      throw new ToolError("ERR_FILE_NOT_FOUND", `${value} cannot be read: ${messageOf(cause)}`, {
        cause,
      });
    });
    if (value.endsWith(".json")) checkJson(text, value);
    return text;
  }
  const isPath = !/^\s*[[{"]/.test(value) && /\.\w+$|\//.test(value) && !/^\s*-?\d/.test(value);
  if (isPath || found !== null) {
    throw new ToolError("ERR_FILE_NOT_FOUND", `there is no configuration file ${value}`, {
      hint: `name a file, or write JSON: --config '{"name":"value"}'`,
    });
  }
  checkJson(value, null);
  return value;
}

function checkJson(text: string, file: string | null): void {
  const place = jsonErrorPlace(text);
  if (place === null) return;
  const line = text.split("\n")[place.line - 1] ?? "";
  // Of a long line, what is around the place.
  const from = Math.max(0, place.column - 60);
  const shown = line.slice(from, place.column + 19);
  throw new ToolError(
    "ERR_CONFIG_INVALID",
    `${file ?? "the configuration"} is no JSON: line ${place.line}, column ${place.column}`,
    {
      hint: `quote it for the shell: --config '{"name":"value"}', or name a file`,
      detail: `${shown}\n${" ".repeat(place.column - 1 - from)}^`,
      ...(file === null ? {} : { place: { file, line: place.line, column: place.column } }),
    },
  );
}
