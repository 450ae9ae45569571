// The host of sdk/host/ in the form of the harness's proxy, so that what is written for a real Envoy runs
// on it unchanged.
import type { TestContext } from "node:test";
import type { RunningEnvoy } from "../../harness/envoy/process.ts";
import type { Proxy } from "../../harness/proxy.ts";
import { parseEcho } from "../../harness/traffic/echo.ts";
import { createHost } from "../../sdk/host/index.ts";
import type { Host, HostOptions } from "../../sdk/host/index.ts";

/** What Envoy puts before the names of a filter's metrics. */
const NAMESPACE = "wasmcustom.";

/** A host as a proxy. Of the Envoy behind it there is what the traffic asks of it: its statistics. */
export function proxyOf(host: Host): Proxy {
  const envoy: Pick<RunningEnvoy, "stats"> = {
    stats: (filter = "") => {
      const all = Array.from(
        host.metrics.all(),
        ([name, value]) => [NAMESPACE + name, value] as const,
      );
      return Promise.resolve(
        new Map(
          all.filter(([name]) =>
            typeof filter === "string" ? name.startsWith(filter) : filter.test(name),
          ),
        ),
      );
    },
  };
  const stop = (): Promise<void> => host.close();
  return {
    port: 0,
    envoy: envoy as RunningEnvoy,
    async send(wanted = {}) {
      const reply = await host.request(wanted);
      const { status, headers, body } = reply;
      return { status, headers, body, upstream: parseEcho(body) };
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A host that is closed when the test ends. */
export async function hostFor(t: TestContext, options: HostOptions): Promise<Host> {
  const host = await createHost(options);
  t.after(() => host.close());
  return host;
}
