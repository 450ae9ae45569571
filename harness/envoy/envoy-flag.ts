import { RELEASES } from "./release.ts";

/** The help of `--envoy`, for the commands that start one. */
export const ENVOY_HELP = `the Envoy to use: a path, or ${RELEASES.map(({ version }) => version).join(" or ")} to fetch (default: found or downloaded)`;
