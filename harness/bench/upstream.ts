// The upstream of the phase that tells the two sides of a request apart. It is this process: what it
// takes lies between the two sides and counts in neither.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { listenLocally } from "../traffic/listen.ts";

/** A server on the loopback interface that answers every request alike. */
export interface BenchUpstream {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts it; it answers 200 with so many bytes. */
export async function startUpstream(bodyBytes: number): Promise<BenchUpstream> {
  const body = Buffer.alloc(bodyBytes, "x");
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    request.resume();
    request.once("end", () => {
      response.writeHead(200, { "content-length": body.length });
      response.end(body);
    });
  });
  await listenLocally(server);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
