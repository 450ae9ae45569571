/** The bytes that a plugin is configured with: text and bytes as they are, all else as JSON. */
export function configurationBytes(configuration: unknown): Uint8Array {
  if (configuration === undefined) return new Uint8Array(0);
  if (configuration instanceof Uint8Array) return configuration;
  const text = typeof configuration === "string" ? configuration : JSON.stringify(configuration);
  return Buffer.from(text);
}
