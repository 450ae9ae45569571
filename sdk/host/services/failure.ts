// How Envoy tells of a service that cannot be reached, or that ends the connection.
import { resetBeforeHeaders } from "../http/local-reply.ts";

/** The text of the answer that Envoy gives in the service's place; `code` is Node's for what went wrong. */
export function failureText(code: string | undefined): string {
  const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/;
  return resetBeforeHeaders(
    unreachable.test(code ?? "") ? "remote connection failure" : "connection termination",
  );
}

/** Node's code for an error of the network. */
export function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
