// The log levels of Proxy-Wasm, by their names.

/** The log levels of Proxy-Wasm. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "critical";

/** All of them, least first. */
export const LOG_LEVELS: readonly LogLevel[] = [
  "trace",
  "debug",
  "info",
  "warn",
  "error",
  "critical",
];
