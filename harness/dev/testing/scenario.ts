// `dev` at work, for the page's tests and pictures: a filter that does a bit of everything, real
// requests through a real Envoy, a change, and a mistake.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExitCode } from "../../../sdk/errors.ts";
import { devCommand } from "../../cli/dev.ts";
import { guardedFolder } from "../../guarded-folder.ts";
import { argumentsOf, TestIo } from "../../testing/command.ts";
import { request } from "../../traffic/client.ts";
import type { RawResponse } from "../../traffic/response.ts";

const FILTER = `import {
  Action,
  Counter,
  Histogram,
  HttpFilter,
  LocalResponse,
  RequestHeaders,
  ResponseHeaders,
  log,
  registerHttpFilter,
} from "as-proxy-wasm";
import { tenantOf } from "./tenant";

const requests = new Counter("tenant_requests");
const refused = new Counter("tenant_refused");
const sizes = new Histogram("tenant_path_bytes");

class Tenant extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    requests.increment();
    const path = headers.get(":path");
    if (path === null) return Action.Continue;
    sizes.record(path.length);
    const tenant = tenantOf(headers.get(":authority"));
    if (path.startsWith("/admin") && !headers.has("x-api-key")) {
      refused.increment();
      log.warn("no key for " + path);
      return new LocalResponse(401, "an API key is required\\n").send();
    }
    if (path == "/trap") unreachable();
    headers.set("x-tenant", tenant);
    headers.remove("x-debug");
    headers.set("user-agent", "gateway/1.0");
    log.info(tenant + " asks for " + path);
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.set("cache-control", "no-store");
    headers.remove("x-envoy-upstream-service-time");
    return Action.Continue;
  }
}
registerHttpFilter<Tenant>("tenant");
`;

const TENANT_OF = `/** The first label of the host's name. */
export function tenantOf(host: string | null): string {
  return host === null ? "public" : host.split(".")[0];
}
`;

/** `dev` with its filter's folder, until it is closed. */
export interface Scenario {
  readonly io: TestIo;
  /** Of the page. */
  readonly url: string;
  /** Of Envoy. */
  readonly port: number;
  readonly folder: string;
  /** Sends a request through the filter. */
  send(
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<RawResponse>;
  /** Replaces text in a file of the filter's. */
  edit(file: string, from: string, to: string): Promise<void>;
  /** Ends `dev` as Ctrl-C does; answers its exit code. */
  close(): Promise<ExitCode>;
}

/** Starts it and waits until it serves. */
export async function startScenario(...flags: readonly string[]): Promise<Scenario> {
  const back = process.cwd();
  const guarded = await guardedFolder();
  const folder = join(guarded.path, "tenant");
  await mkdir(folder);
  // Paths are shown as from the current folder.
  process.chdir(guarded.path);
  await writeFile(join(folder, "filter.ts"), FILTER);
  await writeFile(join(folder, "tenant.ts"), TENANT_OF);
  const io = new TestIo();
  const ended = devCommand.run(argumentsOf(devCommand, ["tenant", ...flags]), io);
  const failed = ended.then((code) =>
    Promise.reject(new Error(`dev ended with ${code}:\n${io.stderr}`)),
  );
  const [, url = ""] = await Promise.race([io.until(/^page: (.*)$/m), failed]);
  const [, port = ""] = await Promise.race([io.until(/^http:\/\/127\.0\.0\.1:(\d+)$/m), failed]);
  failed.catch(() => undefined);
  return {
    io,
    url,
    port: Number(port),
    folder,
    send: (method, path, headers = {}, body = "") =>
      request({ port: Number(port), method, path, headers: Object.entries(headers), body }),
    edit: async (file, from, to) => {
      const path = join(folder, file);
      const text = await readFile(path, "utf8");
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      await writeFile(path, text.replace(from, to));
    },
    close: async () => {
      io.interrupt();
      const code = await ended;
      process.chdir(back);
      await guarded.remove();
      return code;
    },
  };
}

const CLIENT = { host: "acme.example.com", "user-agent": "shop/4.2", accept: "application/json" };

/** A mix of requests, such that each kind of change can be seen. */
export async function sendTraffic(scenario: Scenario): Promise<void> {
  const body = JSON.stringify({ item: "chair", amount: 2 });
  const more = { ...CLIENT, "x-debug": "1", "content-type": "application/json" };
  for (let round = 0; round < 5; round++) {
    await scenario.send("GET", "/", CLIENT);
    await scenario.send("GET", "/products?page=2&sort=price", { ...CLIENT, "x-debug": "1" });
    await scenario.send("GET", "/admin/users", CLIENT);
    await scenario.send("HEAD", "/health", { host: "acme.example.com" });
    await scenario.send("POST", "/cart", more, body);
  }
}
