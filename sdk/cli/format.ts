/** A size for people: `812 bytes`, `5.2 KB` (of 1,024 bytes), `64 KB`, `1.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const [unit, size] = bytes < 1024 ** 2 ? (["KB", 1024] as const) : (["MB", 1024 ** 2] as const);
  return `${(bytes / size).toFixed(bytes % size === 0 ? 0 : 1)} ${unit}`;
}

/** A number and what it counts: `1 callback`, `3 callbacks`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}
