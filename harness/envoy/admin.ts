// Envoy's admin interface: a small HTTP client for it, and what it answers as data.
import { request } from "node:http";
import { ToolError } from "../../sdk/errors.ts";

/** What the admin interface has answered. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends one request to the admin interface; rejects when nothing answers. */
export function askAdmin(
  port: number,
  path: string,
  method = "GET",
  timeout = 10_000,
): Promise<AdminAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method, agent: false, timeout },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString("utf8"),
          });
        });
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`no answer in ${timeout} ms`)));
    sent.on("error", reject);
    sent.end();
  });
}

/** The same, as a ToolError for anything but 200. */
export async function admin(port: number, path: string, method?: string): Promise<string> {
  let answer: AdminAnswer;
  try {
    answer = await askAdmin(port, path, method);
  } catch (cause) {
    throw new ToolError("ERR_ENVOY_FAILED", `Envoy's admin interface does not answer to ${path}`, {
      cause,
    });
  }
  if (answer.status !== 200) {
    throw new ToolError(
      "ERR_ENVOY_FAILED",
      `Envoy's admin interface answered ${answer.status} to ${path}`,
      {
        detail: answer.body.trim(),
      },
    );
  }
  return answer.body;
}

/** Reads the body of /listeners?format=json: the port of each listener by its name. */
export function parseListeners(body: string): ReadonlyMap<string, number> {
  const parsed: unknown = JSON.parse(body);
  const ports = new Map<string, number>();
  for (const status of list(field(parsed, "listener_statuses"))) {
    const name = field(status, "name");
    const port = field(field(field(status, "local_address"), "socket_address"), "port_value");
    if (typeof name === "string" && typeof port === "number") ports.set(name, port);
  }
  return ports;
}

/**
 * Reads the body of /stats: counters and gauges by name, those whose name begins with the text or
 * fits the expression. Values above 2^53 lose their last digits.
 */
export function parseStats(
  body: string,
  wanted: string | RegExp = "",
): ReadonlyMap<string, number> {
  const stats = new Map<string, number>();
  for (const line of body.split("\n")) {
    const found = /^(.*): (\d+)$/.exec(line);
    const name = found?.[1] ?? "";
    if (found === null) continue;
    if (typeof wanted === "string" ? name.startsWith(wanted) : name.search(wanted) >= 0) {
      stats.set(name, Number(found[2]));
    }
  }
  return stats;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
