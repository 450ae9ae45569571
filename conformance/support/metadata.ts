// A bootstrap whose every place that can carry metadata carries some, under the namespace `test`.
import type { Bootstrap } from "../../harness/envoy/bootstrap.ts";

type Values = Record<string, unknown>;

/** The places of a bootstrap that are added to. */
interface Places {
  node?: Values;
  readonly static_resources: {
    readonly listeners: (Values & {
      readonly filter_chains: (Values & {
        readonly filters: {
          readonly typed_config: {
            readonly http_filters?: Values[];
            readonly route_config?: {
              readonly virtual_hosts: (Values & { readonly routes: Values[] })[];
            };
          };
        }[];
      })[];
    })[];
    readonly clusters: (Values & {
      readonly load_assignment: {
        readonly endpoints: (Values & { readonly lb_endpoints: Values[] })[];
      };
    })[];
  };
}

/** The metadata of one place, which it is told apart by. */
export function valuesOf(place: string): Values {
  const map = { a: "b", ü: place };
  return { text: place, number: -1.5, bool: true, map, list: ["x", place], null: null };
}

const metadataOf = (place: string): Values => ({
  filter_metadata: { test: valuesOf(place), whole: { a: place, b: "", c: { d: "e" } } },
});

/** The same bootstrap with names and metadata everywhere. */
export function withMetadata(bootstrap: Bootstrap): Bootstrap {
  const copy = structuredClone(bootstrap);
  const places = copy as unknown as Places;
  places.node = { id: "node-id", cluster: "node-cluster", metadata: valuesOf("node") };
  for (const listener of places.static_resources.listeners) {
    listener["metadata"] = metadataOf("listener");
    listener["traffic_direction"] = "INBOUND";
    for (const chain of listener.filter_chains) {
      chain["name"] = "chain";
      for (const { typed_config } of chain.filters) {
        typed_config.http_filters?.unshift({
          name: "set_metadata",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.set_metadata.v3.Config",
            metadata: [{ metadata_namespace: "test", value: valuesOf("dynamic") }],
          },
        });
        for (const host of typed_config.route_config?.virtual_hosts ?? []) {
          host["metadata"] = metadataOf("virtual host");
          for (const route of host.routes) {
            Object.assign(route, { name: "route", metadata: metadataOf("route") });
          }
        }
      }
    }
  }
  for (const cluster of places.static_resources.clusters) {
    cluster["metadata"] = metadataOf("cluster");
    for (const locality of cluster.load_assignment.endpoints) {
      locality["metadata"] = metadataOf("locality");
      locality["locality"] = { region: "region" };
      for (const endpoint of locality.lb_endpoints) endpoint["metadata"] = metadataOf("endpoint");
    }
  }
  return copy;
}
