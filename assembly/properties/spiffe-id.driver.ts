// What spiffe-id.test.ts calls.
import { SpiffeId } from "./spiffe-id";

/** The parts, with a blank between them; `null` for what is no SPIFFE ID. */
export function parse(uri: string): string | null {
  const id = SpiffeId.parse(uri);
  return id === null || id.toString() != uri ? null : id.trustDomain + " " + id.path;
}
