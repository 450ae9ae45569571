// Chunked bodies, for requests that are written byte by byte.

/** The header of a request that has one. */
export const CHUNKED = [["transfer-encoding", "chunked"]] as const;

/** A body of these chunks in the bytes of the wire; trailers are lines with their ends. */
export function chunked(chunks: readonly (string | Buffer)[], trailers = ""): Buffer {
  const parts = chunks.flatMap((chunk) => {
    const bytes = Buffer.from(chunk);
    return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")];
  });
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailers}\r\n`)]);
}
