// Many small requests over keep-alive connections, as fast as they are answered.
import { connect } from "node:net";

export interface Load {
  readonly port: number;
  readonly requests: number;
  readonly connections: number;
  /** The bytes of one request, with a path of its own by the request's number. */
  readonly request: (index: number) => string;
  /** Called with the head of each response. */
  readonly onResponse: (head: string, index: number) => void;
}

/** Sends them all; rejects on a broken connection or what is no response with a content-length. */
export async function sendLoad(load: Load): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from(
      { length: load.connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect({ host: "127.0.0.1", port: load.port, noDelay: true });
          let received = "";
          let index = -1;
          const send = (): void => {
            if (next >= load.requests) {
              socket.end();
              resolve();
              return;
            }
            index = next++;
            socket.write(load.request(index), "latin1");
          };
          socket.on("connect", send);
          socket.on("data", (chunk) => {
            received += chunk.toString("latin1");
            const end = received.indexOf("\r\n\r\n");
            if (end < 0) return;
            const head = received.slice(0, end);
            const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
            if (length === undefined) {
              socket.destroy();
              reject(new Error(`a response without content-length: ${head}`));
              return;
            }
            if (received.length < end + 4 + Number(length)) return;
            received = "";
            load.onResponse(head, index);
            send();
          });
          socket.on("error", reject);
          socket.on("close", () => {
            reject(new Error("Envoy closed a connection"));
          });
        }),
    ),
  );
}
