// What one request makes a module do, counted exactly by the in-process host.
import { readFile } from "node:fs/promises";
import { messageOf } from "../../sdk/errors.ts";
import { createHost } from "../../sdk/host/index.ts";
import type { WasmFilterSpec } from "../envoy/bootstrap.ts";
import type { RequestCounts } from "./report-parts.ts";
import { bodyOf, methodOf, splitAuthority } from "./request.ts";
import type { Traffic } from "./traffic.ts";

/** The request that is counted: those before it may have made what later ones find. */
const NTH = 3;

/** The counts, or why there are none. */
export type Counted =
  | { readonly counts: RequestCounts; readonly note: null }
  | { readonly counts: null; readonly note: string };

/** Counts; never fails. */
export async function countRequest(filter: WasmFilterSpec, traffic: Traffic): Promise<Counted> {
  try {
    const { request, responseBodyBytes } = traffic;
    const { authority, headers } = splitAuthority(request);
    const body = bodyOf(request);
    await using host = await createHost({
      wasm: await readFile(filter.module),
      name: filter.name,
      ...(filter.configuration === undefined ? {} : { configuration: filter.configuration }),
      upstream: { status: 200, body: "x".repeat(responseBodyBytes) },
      logLevel: "off",
    });
    const send = () =>
      host.request({
        method: methodOf(request),
        path: request.path,
        headers: [["host", authority], ...headers],
        ...(body.length === 0 ? {} : { body }),
      });
    for (let nth = 1; nth < NTH; nth++) await send();
    const { crossings, calls } = await send();
    const failure = host.failures[0];
    if (failure !== undefined) {
      return { counts: null, note: `${filter.name} trapped in the in-process host: no counts` };
    }
    return { counts: { ...crossings, byName: calls }, note: null };
  } catch (error) {
    const note = `what a request makes ${filter.name} do could not be counted: ${messageOf(error)}`;
    return { counts: null, note };
  }
}
