import type { Backend, Need } from "./api.ts";

/** Ends a test that needs what its backend does not have. The runner counts it by itself. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}

const HAS: Readonly<Record<Backend, ReadonlySet<Need>>> = {
  host: new Set<Need>([
    ...(["virtual time", "callbacks", "shared data", "recorded values"] as const),
    ...(["properties", "several workers"] as const),
  ]),
  envoy: new Set<Need>(["a real Envoy"]),
};

const WHERE: Readonly<Record<Backend, string>> = {
  host: "on the host",
  envoy: "in a real Envoy",
};

/** Throws a NotApplicable for the needs that the backend does not have. */
export function checkNeeds(backend: Backend, needs: readonly Need[]): void {
  const missing = needs.filter((need) => !HAS[backend].has(need));
  if (missing.length === 0) return;
  throw new NotApplicable(`not applicable ${WHERE[backend]}: needs ${missing.join(", ")}`);
}
