// TCP guests made from a number, and what a client and its server do on one connection: in each callback
// the guest makes a few host calls, logs what each answered, and answers an action of its own.
import { Guest, NUMBER_AT, RESULT } from "../../sdk/host/testing.ts";
import { seededRandom } from "../../sdk/inspect/testing.ts";

/** What the client does, one after the other, each when what the last led to is over. */
export type TcpStep = { readonly send: string } | { readonly end: true } | { readonly break: true };

/** A probe, as the list of what it does and as its module. */
export interface TcpProbe {
  readonly seed: number;
  /** For reading: each callback with its calls and its answers. */
  readonly plan: readonly string[];
  readonly steps: readonly TcpStep[];
  readonly wasm: Uint8Array;
}

/** A piece with this in it makes the server end its side. */
export const SERVER_ENDS = "bye";
/** A piece with this in it makes the server break the connection. */
export const SERVER_BREAKS = "break";

const DOWNSTREAM = 2;
const UPSTREAM = 3;

const CALLBACKS: readonly (readonly [name: string, buffer: number | null])[] = [
  ["proxy_on_new_connection", null],
  ["proxy_on_downstream_data", DOWNSTREAM],
  ["proxy_on_upstream_data", UPSTREAM],
  ["proxy_on_downstream_connection_close", null],
  ["proxy_on_upstream_connection_close", null],
  ["proxy_on_done", null],
  ["proxy_on_log", null],
  ["proxy_on_delete", null],
];
const PROPERTIES = [
  "plugin_root_id",
  "mine",
  "request\0path",
  "request\0protocol",
  "connection\0mtls",
  "response\0code",
];

/** Makes the probe of that number. */
export function tcpProbe(seed: number): TcpProbe {
  const random = seededRandom(seed * 104_729 + 3);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(list: readonly T[], fallback: T): T => list[below(list.length)] ?? fallback;
  const guest = new Guest();

  const operation = (buffer: number | null, last: boolean): readonly [string, string] => {
    const type = buffer ?? DOWNSTREAM;
    switch (below(last ? 5 : buffer === null ? 9 : 16)) {
      case 0:
      case 1:
        return [
          "property",
          guest.tellResult(
            `(call $proxy_get_property ${guest.text(oneOf(PROPERTIES, ""))} ${RESULT})`,
          ),
        ];
      case 2:
        return [
          "set property",
          guest.tell(`(call $proxy_set_property ${guest.text("mine")} ${guest.text("yes")})`),
        ];
      case 3:
        return [
          "get header",
          guest.tellResult(
            `(call $proxy_get_header_map_value ${Guest.numbers(0)} ${guest.text(":path")} ${RESULT})`,
          ),
        ];
      case 4:
        return [
          "pairs",
          guest.tell(`(call $proxy_get_header_map_pairs ${Guest.numbers(2)} ${RESULT})`),
        ];
      case 5:
        return ["continue", guest.tell("(call $proxy_continue_stream (i32.const 2))")];
      case 6:
        return ["continue upstream", guest.tell("(call $proxy_continue_stream (i32.const 3))")];
      case 7:
        switch (below(5)) {
          case 0:
            return ["close", guest.tell("(call $proxy_close_stream (i32.const 2))")];
          case 1:
            return ["close upstream", guest.tell("(call $proxy_close_stream (i32.const 3))")];
          case 2:
            return ["trap", "(unreachable)"];
          default:
            return ["log", guest.log("here")];
        }
      case 8:
        return [
          "local response",
          guest.tell(
            `(call $proxy_send_local_response ${Guest.numbers(418)} ${guest.text("a")} ${guest.text("b")} ${guest.text("")} ${Guest.numbers(-1)})`,
          ),
        ];
      case 9:
      case 10:
      case 11:
        return [
          "bytes",
          guest.tellResult(
            `(call $proxy_get_buffer_bytes ${Guest.numbers(type, oneOf([0, 0, 3, 900], 0), oneOf([-1, 5, 0], 5))} ${RESULT})`,
          ),
        ];
      case 12:
        return [
          "status",
          guest.tellNumber(`(call $proxy_get_buffer_status ${Guest.numbers(type, NUMBER_AT, 28)})`),
        ];
      default:
        return [
          "set",
          guest.tell(
            `(call $proxy_set_buffer_bytes ${Guest.numbers(type, oneOf([0, 0, 2, 999999], 0), oneOf([0, 2, 0x7fffffff], 0))} ${guest.text("<set>")})`,
          ),
        ];
    }
  };

  const plan: string[] = [];
  for (const [callback, buffer] of CALLBACKS) {
    if (below(6) === 0) continue;
    const last = /_(log|done|delete)$/.test(callback);
    const operations = Array.from({ length: below(4) }, () => operation(buffer, last));
    const code = operations.map(([, each]) => each).join("\n");
    const [first, then] = [Number(below(3) === 0), Number(below(4) === 0)];
    // Data is answered by what has come: the first pieces otherwise than the later ones.
    const turns = 4 + below(24);
    const early =
      buffer === null
        ? ""
        : `(if (i32.lt_u (local.get 1) (i32.const ${turns})) (then (return (i32.const ${first}))))`;
    plan.push(
      `${callback}: ${operations.map(([each]) => each).join(", ")}; answers ${first} below ${turns}, then ${then}`,
    );
    // The plugin itself ends too, at a time that is Envoy's own.
    const told = told_(callback);
    guest.on(
      callback,
      `(if (i32.gt_u (local.get 0) (i32.const 1)) (then ${guest.log(callback)} ${told.map((each) => guest.tellNumber(each)).join("")} ${code} ${early}))`,
      then,
    );
  }
  let ended = false;
  const steps = Array.from({ length: 2 + below(4) }, (_, index): TcpStep => {
    if (ended) return { break: true };
    switch (below(9)) {
      case 0:
        return { send: `${SERVER_ENDS} ${index}` };
      case 1:
        return below(2) === 0 ? { send: `${SERVER_BREAKS} ${index}` } : { break: true };
      case 2:
        ended = true;
        return { end: true };
      default:
        return { send: "piece ".repeat(1 + below(4)) + String(index) };
    }
  });
  return { seed, plan, steps, wasm: guest.wasm() };
}

/** The numbers that the callback is told beside its context, put to where they are logged. */
function told_(callback: string): readonly string[] {
  const put = (local: number): string =>
    `(block (result i32) (i32.store (i32.const ${NUMBER_AT}) (local.get ${local})) (i32.const 0))`;
  if (callback.endsWith("_data")) return [put(1), put(2)];
  return callback.endsWith("_close") ? [put(1)] : [];
}
