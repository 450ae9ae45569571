// The values of the harness's flags, checked.
import type { Arguments } from "../../sdk/cli/command.ts";
import { ToolError } from "../../sdk/errors.ts";
import type { ClusterSpec } from "../envoy/bootstrap.ts";

/** A filter as it was given, with the --config that follows it. */
export interface FilterArgument {
  readonly filter: string;
  /** The value of its --config as it was given. */
  readonly config: string | null;
}

/** Pairs the filters with their --config flags: each belongs to the filter before it. */
export function filterArguments(args: Arguments): readonly FilterArgument[] {
  const filters: { filter: string; config: string | null }[] = [];
  for (const token of args.tokens) {
    if (token.flag === null) filters.push({ filter: token.value, config: null });
    if (token.flag !== "config") continue;
    const last = filters[filters.length - 1];
    if (last === undefined) {
      throw new ToolError("ERR_USAGE", "--config comes before any filter", {
        hint: "write it behind the filter that it is for: hello --config '{}'",
      });
    }
    if (last.config !== null) {
      throw new ToolError("ERR_USAGE", `${last.filter} has two configurations`, {
        hint: "write each --config behind the filter that it is for",
      });
    }
    last.config = token.value;
  }
  if (filters.length === 0) {
    throw new ToolError("ERR_USAGE", "no filter was named", {
      hint: "name an example, a .wasm file, or a .ts file or folder to build",
    });
  }
  return filters;
}

/** Reads a whole number from a flag, or answers its default. */
export function numberFlag(
  args: Arguments,
  flag: string,
  least: number,
  most: number,
  otherwise: number,
): number {
  const text = args.text(flag);
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value < least || value > most) {
    throw new ToolError(
      "ERR_USAGE",
      `--${flag} wants a number from ${least} to ${most}, not ${text}`,
    );
  }
  return value;
}

/** Reads `http://host:port`. */
export function upstreamFlag(text: string, name: string): ClusterSpec {
  let url: URL | null = null;
  if (URL.canParse(text)) url = new URL(text);
  if (url === null || url.protocol !== "http:" || url.hostname === "") {
    throw new ToolError("ERR_USAGE", `--upstream wants http://host:port, not ${text}`, {
      hint: "only plain HTTP is spoken to the upstream; put what ends TLS in between",
    });
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new ToolError(
      "ERR_USAGE",
      `--upstream wants http://host:port and nothing behind it, not ${text}`,
      {
        hint: "requests go to the path that the client asks for",
      },
    );
  }
  return { name, host: bare(url.hostname), port: url.port === "" ? 80 : Number(url.port) };
}

/** Reads the `name=host:port` of every --cluster. */
export function clusterFlags(texts: readonly string[], reserved: string): readonly ClusterSpec[] {
  const clusters = new Map<string, ClusterSpec>();
  for (const text of texts) {
    const found = /^([^=\s]+)=(\[[0-9a-fA-F:.]+\]|[^:\s/]+):(\d{1,5})$/.exec(text);
    const port = Number(found?.[3] ?? 0);
    if (found === null || port < 1 || port > 65_535) {
      throw new ToolError("ERR_USAGE", `--cluster wants name=host:port, not ${text}`);
    }
    const name = found[1] ?? "";
    if (name === reserved || clusters.has(name)) {
      const reason = name === reserved ? "is the name of the upstream's" : "is there twice";
      throw new ToolError("ERR_USAGE", `the cluster ${name} ${reason}`, {
        hint: "choose another name",
      });
    }
    clusters.set(name, { name, host: bare(found[2] ?? ""), port });
  }
  return [...clusters.values()];
}

/** An IPv6 address without its brackets. */
function bare(host: string): string {
  return host.startsWith("[") ? host.slice(1, -1) : host;
}
