// How Envoy tells of a service that cannot be reached, or that ends the connection.

/** What stands before each reason. */
const BROKEN = "upstream connect error or disconnect/reset before headers. reset reason: ";

/** The text of the answer that Envoy gives in the service's place; `code` is Node's for what went wrong. */
export function failureText(code: string | undefined): string {
  const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/;
  return (
    BROKEN + (unreachable.test(code ?? "") ? "remote connection failure" : "connection termination")
  );
}

/** Node's code for an error of the network. */
export function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
