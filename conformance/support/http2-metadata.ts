// HTTP/2 with METADATA frames, which Node's knows nothing of: they are written between its own frames.
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * A socket for Node's HTTP/2 that others may write frames to meanwhile, straight to the socket itself:
 * Node hands over whole frames.
 */
export function sharedSocket(socket: Socket): Duplex {
  const duplex = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (chunk) => {
    if (!duplex.push(chunk)) socket.pause();
  });
  socket.on("end", () => duplex.push(null));
  socket.on("error", () => duplex.destroy());
  return duplex;
}

const METADATA = 0x4d;
const END_METADATA = 0x4;

/** A METADATA frame of one stream: HPACK, each entry a literal that is not indexed. */
export function metadataFrame(stream: number, entries: Readonly<Record<string, string>>): Buffer {
  const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)]);
  const payload = Buffer.concat(
    Object.entries(entries).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]),
  );
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(METADATA, 3);
  head.writeUInt8(END_METADATA, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
