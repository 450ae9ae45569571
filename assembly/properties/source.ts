// Where the request came from: the client, or what a trusted proxy in front says is the client.
import { readInteger, readText } from "./read";

/** The address with its port: `127.0.0.1:8080`, `[::1]:8080`. */
export function address(): string | null {
  return readText("source\0address");
}

/** The port. */
export function port(absent: i64 = -1): i64 {
  return readInteger("source\0port", absent);
}
