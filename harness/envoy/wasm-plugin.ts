// What of a Wasm filter's configuration is the same for HTTP and for TCP: Envoy's PluginConfig.

/** The beginning of the type URLs in Envoy's configuration. */
export const TYPE = "type.googleapis.com/";

/** What Envoy does once a filter's VM has trapped: 503 for ever, no filter, or a new VM. */
export type FailurePolicy = "FAIL_CLOSED" | "FAIL_OPEN" | "FAIL_RELOAD";

/** One Wasm filter of a listener. */
export interface WasmFilterSpec {
  /** The plugin's name, as in Envoy's statistics and messages. */
  readonly name: string;
  /** The absolute path of the .wasm file. */
  readonly module: string;
  /** Which of the module's registrations to use; empty by default. */
  readonly rootId?: string;
  /** The plugin's configuration, handed to the filter byte for byte (as a StringValue). */
  readonly configuration?: string;
  /** Filters of the same module and the same vmId share a VM. Default: the name. */
  readonly vmId?: string;
  /** The VM's configuration, byte for byte (as a StringValue). */
  readonly vmConfiguration?: string;
  /** The environment variables of the VM. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The only imports and exports that Envoy lets the module have; default: all. */
  readonly allowedCapabilities?: readonly string[];
  /** Default: FAIL_CLOSED, as in Envoy. */
  readonly failurePolicy?: FailurePolicy;
  /**
   * Whether body callbacks come while the headers are stopped by StopIteration. Default: true; false
   * is Envoy's own default, which turns it into "stop everything, the body callbacks too".
   */
  readonly allowOnHeadersStopIteration?: boolean;
}

interface StringValue {
  readonly "@type": string;
  readonly value: string;
}

/** `envoy.extensions.wasm.v3.PluginConfig`. */
export interface PluginConfig {
  readonly name: string;
  readonly root_id: string;
  readonly failure_policy: FailurePolicy;
  readonly allow_on_headers_stop_iteration: boolean;
  readonly configuration?: StringValue;
  readonly capability_restriction_config?: {
    readonly allowed_capabilities: Readonly<Record<string, Record<string, never>>>;
  };
  readonly vm_config: {
    readonly vm_id: string;
    readonly configuration?: StringValue;
    readonly environment_variables?: { readonly key_values: Readonly<Record<string, string>> };
    readonly runtime: string;
    readonly code: { readonly local: { readonly filename: string } };
  };
}

/** Writes the configuration of one Wasm filter. */
export function pluginConfig(spec: WasmFilterSpec): PluginConfig {
  const { configuration, vmConfiguration, environment, allowedCapabilities: allowed } = spec;
  return {
    name: spec.name,
    root_id: spec.rootId ?? "",
    failure_policy: spec.failurePolicy ?? "FAIL_CLOSED",
    allow_on_headers_stop_iteration: spec.allowOnHeadersStopIteration ?? true,
    ...(configuration === undefined ? {} : { configuration: stringValue(configuration) }),
    ...(allowed === undefined
      ? {}
      : {
          capability_restriction_config: {
            allowed_capabilities: Object.fromEntries(allowed.map((name) => [name, {}])),
          },
        }),
    vm_config: {
      vm_id: spec.vmId ?? spec.name,
      ...(vmConfiguration === undefined ? {} : { configuration: stringValue(vmConfiguration) }),
      ...(environment === undefined ? {} : { environment_variables: { key_values: environment } }),
      runtime: "envoy.wasm.runtime.v8",
      code: { local: { filename: spec.module } },
    },
  };
}

/** A Wasm plugin that is told of each stream or connection that is over. */
export interface WasmAccessLog {
  readonly name: string;
  readonly typed_config: { readonly "@type": string; readonly config: PluginConfig };
}

/** Writes the configuration of one. */
export function wasmAccessLog(spec: WasmFilterSpec): WasmAccessLog {
  return {
    name: spec.name,
    typed_config: {
      "@type": `${TYPE}envoy.extensions.access_loggers.wasm.v3.WasmAccessLog`,
      config: pluginConfig(spec),
    },
  };
}

function stringValue(value: string): StringValue {
  return { "@type": `${TYPE}google.protobuf.StringValue`, value };
}
