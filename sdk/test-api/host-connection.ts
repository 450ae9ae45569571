import type { TcpConnection } from "../host/tcp/connection.ts";
import { alreadyEnded } from "./already-ended.ts";
import { ServerEnd } from "./server-end.ts";
import type { Connection, ConnectionEnd } from "./tcp-api.ts";

/** A connection through the in-process host. */
export class HostConnection implements Connection {
  readonly #connection: TcpConnection;
  #upstream: ServerEnd | null = null;
  #sentEnd = false;

  constructor(connection: TcpConnection) {
    this.#connection = connection;
  }

  get received(): string {
    return this.#connection.received;
  }

  get receivedBytes(): Uint8Array {
    return this.#connection.receivedBytes;
  }

  get ended(): boolean {
    return this.#connection.ended;
  }

  get wasReset(): boolean {
    return this.#connection.reset;
  }

  get upstream(): ConnectionEnd | null {
    const { upstream } = this.#connection;
    if (upstream === null) return null;
    return (this.#upstream ??= new ServerEnd(upstream, step));
  }

  get callbacks(): Connection["callbacks"] {
    return this.#connection.callbacks;
  }

  get calls(): Connection["calls"] {
    return this.#connection.calls;
  }

  get crossings(): Connection["crossings"] {
    return this.#connection.crossings;
  }

  action(callback: string): number | null {
    return this.#connection.action(callback);
  }

  send(bytes: Parameters<Connection["send"]>[0]): Promise<void> {
    return step(() => {
      if (this.#sentEnd) throw alreadyEnded("client");
      this.#connection.send(bytes);
    });
  }

  end(): Promise<void> {
    return step(() => {
      this.#sentEnd = true;
      this.#connection.end();
    });
  }

  reset(): Promise<void> {
    return step(() => {
      this.#sentEnd = true;
      this.#connection.break();
    });
  }
}

/** What the host throws is the promise's. */
function step(act: () => void): Promise<void> {
  return Promise.resolve().then(act);
}
