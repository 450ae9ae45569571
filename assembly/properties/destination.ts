// Where the request was sent to: Envoy's own end of the downstream connection.
import { readInteger, readText } from "./read";

/** The address with its port: `127.0.0.1:8080`, `[::1]:8080`. */
export function address(): string | null {
  return readText("destination\0address");
}

/** The port. */
export function port(absent: i64 = -1): i64 {
  return readInteger("destination\0port", absent);
}
