// The same requests to a filter on the host and in a real Envoy: whatever differs is a fault of the host.
import { startProxy } from "../../harness/proxy.ts";
import type { Exchange } from "../../harness/proxy.ts";
import { guardedFolder } from "../../harness/guarded-folder.ts";
import { createHost } from "../../sdk/host/index.ts";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { builtFilter } from "./built.ts";
import { proxyOf } from "./host-proxy.ts";
import { scenario } from "./scenarios.ts";
import type { Scenario } from "./scenarios.ts";

/** A filter to compare. */
export interface Subject {
  readonly source: string;
  readonly configuration?: string;
}

/** The filters that are compared, as they are built. */
export const SUBJECTS: readonly Subject[] = [
  { source: "examples/noop" },
  { source: "examples/hello" },
  {
    source: "examples/api-key",
    configuration: '{"keys": ["example-key-1", "example-key-2"]}',
  },
  { source: "conformance/filters/headers.ts" },
  { source: "conformance/filters/rewrite.ts" },
  { source: "conformance/filters/injection.ts" },
];

/** What is compared of an exchange. */
interface Observed {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: unknown;
}

/** A request that came out differently. */
export interface Difference {
  readonly scenario: Scenario;
  readonly host: Observed;
  readonly envoy: Observed;
}

/** What cannot be the same: the time, the request's id, which is random, and what the upstream took. */
const BY_CHANCE: ReadonlySet<string> = new Set([
  "date",
  "x-request-id",
  "x-envoy-upstream-service-time",
]);

function stable(headers: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return headers.map(([name, value]) => [name, BY_CHANCE.has(name) ? "(by chance)" : value]);
}

function observed({ status, headers, body, upstream }: Exchange): Observed {
  return {
    status,
    headers: stable(headers),
    body: upstream === null ? body : { ...upstream, headers: stable(upstream.headers) },
  };
}

/** How both are sent it: in the host a chunk is what Envoy reads at once, so it is one. */
function asRequest({ method, path, headers, body, chunked }: Scenario) {
  const bytes = Buffer.from(body, "latin1");
  if (!chunked || bytes.length === 0) {
    return {
      host: { method, path, headers, body: bytes },
      envoy: { method, path, headers, body: bytes },
    };
  }
  const frame = Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from("\r\n0\r\n\r\n"),
  ]);
  const framed = [...headers, ["transfer-encoding", "chunked"]] as const;
  return {
    host: { method, path, headers: framed, body: bytes },
    envoy: { method, path, headers: framed, body: frame },
  };
}

/** Runs the scenarios of these numbers, and answers those that came out differently. */
export async function differences(
  subject: Subject,
  seeds: readonly number[],
): Promise<readonly Difference[]> {
  const wasm = await builtFilter(subject.source);
  const { configuration = "" } = subject;
  const folder = await guardedFolder();
  try {
    const module = join(folder.path, "filter.wasm");
    await writeFile(module, wasm);
    await using envoy = await startProxy({ filters: [{ name: "filter", module, configuration }] });
    await using host = await createHost({ wasm, configuration });
    const found: Difference[] = [];
    for (const seed of seeds) {
      const wanted = scenario(seed);
      const request = asRequest(wanted);
      const [inHost, inEnvoy] = await Promise.all([
        proxyOf(host).send(request.host),
        envoy.send(request.envoy),
      ]);
      const [left, right] = [observed(inHost), observed(inEnvoy)];
      if (JSON.stringify(left) === JSON.stringify(right)) continue;
      found.push({ scenario: wanted, host: left, envoy: right });
    }
    return found;
  } finally {
    await folder.remove();
  }
}
