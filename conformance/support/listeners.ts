// One Envoy with several listeners, each with filters of its own, before one upstream: a start of
// Envoy costs more than all the requests of a test.
import type { TestContext } from "node:test";
import { bootstrap } from "../../harness/envoy/bootstrap.ts";
import type { ListenerSpec } from "../../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { startEnvoy } from "../../harness/envoy/process.ts";
import type { EnvoyOptions, RunningEnvoy } from "../../harness/envoy/process.ts";

/** The name of the cluster that the upstream is. */
const CLUSTER = "upstream";

/** Starts it; it ends with the test. */
export async function envoyWith(
  t: TestContext,
  upstreamPort: number,
  listeners: readonly Omit<ListenerSpec, "upstream">[],
  more: Pick<EnvoyOptions, "onLine"> = {},
): Promise<RunningEnvoy> {
  const envoy = await startEnvoy({
    ...more,
    binary: (await locateEnvoy({})).path,
    bootstrap: bootstrap({
      listeners: listeners.map((one) => ({
        ...one,
        upstream: { kind: "cluster", cluster: CLUSTER },
      })),
      clusters: [{ name: CLUSTER, host: "127.0.0.1", port: upstreamPort }],
    }),
  });
  t.after(() => envoy.stop());
  return envoy;
}
