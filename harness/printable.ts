// Text of filters and of Envoy for the terminal.

/** Several lines are indented; control characters must not reach the terminal. */
export function printable(text: string, indent = "  "): string {
  return text
    .replace(/\n/g, `\n${indent}`)
    .replace(
      /(?![\n\t])\p{Cc}/gu,
      (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
}
