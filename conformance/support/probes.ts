// Guests made from a number: in each callback they make a few host calls, log what each answered, and
// answer an action of their own. What they log is all that a filter can see of its host.
import { seededRandom } from "../../sdk/inspect/testing.ts";
import { encodePairs } from "../../sdk/host/pairs.ts";
import { traffic } from "./probe-traffic.ts";
import type { Traffic } from "./probe-traffic.ts";
import { Guest, NUMBER_AT, POINTER_AT, SIZE_AT } from "../../sdk/host/testing.ts";

const RESULT = Guest.numbers(POINTER_AT, SIZE_AT);
const NAMES = [
  ":path",
  ":method",
  ":status",
  ":authority",
  "x-twice",
  "x-none",
  "content-type",
  "accept",
  "X-One",
];
const PROPERTIES = [
  "request\0path",
  "request\0method",
  "request\0headers\0x-twice",
  "response\0code",
  "plugin_root_id",
  "mine",
  "request\0query",
  "request\0url_path",
  "request\0protocol",
  "response\0code_details",
  "response\0headers\0x-twice",
  "nothing",
];

/** Further headers of a local response, as the guest hands them over. */
const LOCAL_HEADERS = Buffer.from(
  encodePairs([
    ["x-twice", "local"],
    ["content-type", "a/local"],
  ]),
).toString("latin1");

const STREAM_CALLBACKS: readonly (readonly [name: string, actions: readonly number[]])[] = [
  ["proxy_on_context_create", [0]],
  ["proxy_on_request_headers", [0, 0, 0, 0, 0, 0, 1, 2, 3, 4]],
  ["proxy_on_request_body", [0, 0, 0, 0, 1, 1, 1, 2, 3]],
  ["proxy_on_request_trailers", [0, 0, 0, 1]],
  ["proxy_on_response_headers", [0, 0, 0, 0, 0, 0, 1, 2, 3, 4]],
  ["proxy_on_response_body", [0, 0, 0, 0, 1, 1, 1, 2, 3]],
  ["proxy_on_response_trailers", [0, 0, 0, 1]],
  ["proxy_on_log", [0]],
  ["proxy_on_done", [0, 1]],
  ["proxy_on_delete", [0]],
];

/** What a request waits for: the plugin's timer, or the answer to a callout, of HTTP or gRPC. */
type Resumption = "timer" | "callout" | "grpc";

/** The period of a probe's timer, in milliseconds. */
export const TICK_MS = 20;

/** A probe, as the list of what it does and as its module. */
export interface Probe {
  readonly seed: number;
  /** For reading: each callback with its calls and its answer. */
  readonly plan: readonly string[];
  /** What a stopped request may go on after; null for nothing. */
  readonly resumption: Resumption | null;
  readonly traffic: Traffic;
  readonly wasm: Uint8Array;
}

/** Makes the probe of that number. */
export function probe(seed: number): Probe {
  const random = seededRandom(seed * 7919 + 1);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(list: readonly T[], fallback: T): T => list[below(list.length)] ?? fallback;
  const guest = new Guest();
  const name = (): string => guest.text(oneOf(NAMES, ""));
  // The guest finds at its start what asks for no stream, and nothing else differs there.
  // At a stream's end Envoy crashes on trailers that were held back, or that are asked for there.
  let atEnd = false;
  const map = (): number => (atEnd ? 2 * below(2) : below(4));

  /** `buffer` is that of the callback's own direction: what was held of another may be gone. */
  const operation = (
    buffer: number | null,
    mayEnd = false,
  ): readonly [what: string, code: string] => {
    const type = map();
    if (mayEnd && !drasticDone && below(5) === 0) return drastic();
    // Closed or answered at its end, a stream ends again: Envoy recurses until it crashes. And it crashes
    // on a body that was neither passed on nor kept, when it is asked for outside of its callback.
    switch (buffer === null ? below(12) : below(drasticDone ? 15 : 16)) {
      case 0:
      case 1:
        return [
          `get ${type}`,
          guest.tellResult(
            `(call $proxy_get_header_map_value ${Guest.numbers(type)} ${name()} ${RESULT})`,
          ),
        ];
      case 2:
        return [
          `pairs ${type}`,
          guest.tell(`(call $proxy_get_header_map_pairs ${Guest.numbers(type)} ${RESULT})`) +
            `(if (i32.load (i32.const ${SIZE_AT})) (then (i32.store (i32.const ${NUMBER_AT}) (i32.load (i32.load (i32.const ${POINTER_AT}))))
             ${guest.tellNumber("(i32.const 0)")}))`,
        ];
      case 3: {
        // Of trailers only: headers have how many milliseconds Envoy's upstream took.
        const trailers = type | 1;
        if (atEnd) return operation(buffer, mayEnd);
        return [
          `size ${trailers}`,
          guest.tellNumber(
            `(call $proxy_get_header_map_size ${Guest.numbers(trailers, NUMBER_AT)})`,
          ),
        ];
      }
      case 4:
        return [
          `add ${type}`,
          guest.tell(
            `(call $proxy_add_header_map_value ${Guest.numbers(type)} ${guest.text("x-Twice")} ${guest.text(`added ${below(9)}`)})`,
          ),
        ];
      case 5:
        return [
          `replace ${type}`,
          guest.tell(
            `(call $proxy_replace_header_map_value ${Guest.numbers(type)} ${guest.text("accept")} ${guest.text(`new ${below(9)}`)})`,
          ),
        ];
      case 6:
        return [
          `remove ${type}`,
          guest.tell(
            `(call $proxy_remove_header_map_value ${Guest.numbers(type)} ${guest.text("content-length")})`,
          ),
        ];
      case 10: {
        const key = guest.text(oneOf(["one", "two"], ""));
        const cas = oneOf([0, 0, 0x7fffffff], 0);
        return [
          "set shared data",
          guest.tell(
            `(call $proxy_set_shared_data ${key} ${guest.text(`value ${below(9)}`)} ${Guest.numbers(cas)})`,
          ),
        ];
      }
      case 11:
        return [
          "get shared data",
          guest.tellResult(
            `(call $proxy_get_shared_data ${guest.text(oneOf(["one", "two"], ""))} ${RESULT} ${Guest.numbers(NUMBER_AT)})`,
          ),
        ];
      case 12:
        return [
          `bytes ${buffer ?? 0}`,
          guest.tellResult(
            `(call $proxy_get_buffer_bytes ${Guest.numbers(buffer ?? 0, oneOf([0, 0, 3, 900], 0), oneOf([-1, 5, 0], 5))} ${RESULT})`,
          ),
        ];
      case 13:
        return [
          `status ${buffer ?? 0}`,
          guest.tellNumber(
            `(call $proxy_get_buffer_status ${Guest.numbers(buffer ?? 0, NUMBER_AT, 28)})`,
          ),
        ];
      case 14:
        return [
          `set ${buffer ?? 0}`,
          guest.tell(
            `(call $proxy_set_buffer_bytes ${Guest.numbers(buffer ?? 0, oneOf([0, 0, 2, 999999], 0), oneOf([0, 2, 0x7fffffff], 0))} ${guest.text("<set>")})`,
          ),
        ];
      case 7:
      case 8:
        return [
          "property",
          guest.tellResult(
            `(call $proxy_get_property ${guest.text(oneOf(PROPERTIES, ""))} ${RESULT})`,
          ),
        ];
      case 9:
        return [
          "set property",
          guest.tell(`(call $proxy_set_property ${guest.text("mine")} ${guest.text("yes")})`),
        ];
      default:
        return drastic();
    }
  };

  // Two of these in one callback and Envoy crashes (two local responses to a response), or does what
  // hangs on the order in which it takes its own state apart.
  const continued = [
    "continue",
    guest.tell("(call $proxy_continue_stream (i32.const 0))"),
  ] as const;
  const trap = ["trap", "(unreachable)"] as const;
  let drasticDone = false;
  const drastic = (): readonly [what: string, code: string] => {
    drasticDone = true;
    switch (below(8)) {
      case 0:
        return trap;
      case 1:
      case 2:
        return [
          "local response",
          guest.tell(
            `(call $proxy_send_local_response ${Guest.numbers(oneOf([418, 418, 200, 204, 304, 500, 599], 418))} ${guest.text("a b")} ${guest.text(oneOf(["", "short and stout"], ""))} ${guest.text(oneOf(["", LOCAL_HEADERS], ""))} ${Guest.numbers(oneOf([-1, -1, 0, 7], -1))})`,
          ),
        ];
      case 3:
        return ["close request", guest.tell(`(call $proxy_close_stream (i32.const 0))`)];
      case 4:
        return ["close response", guest.tell(`(call $proxy_close_stream (i32.const 1))`)];
      default:
        return [
          "log level",
          guest.tellNumber(`(call $proxy_get_log_level ${Guest.numbers(NUMBER_AT)})`),
        ];
    }
  };

  const plan: string[] = [];
  const resumption = oneOf<Resumption | null>(
    ["timer", "callout", "grpc", ...new Array<null>(5).fill(null)],
    null,
  );
  for (const [callback, actions] of STREAM_CALLBACKS) {
    // It stops all, and for certain: what comes after is what it waits for.
    const asks = resumption !== null && callback === "proxy_on_request_headers";
    if (below(6) === 0 && !asks) continue;
    const buffer = /_(create|trailers|log|done|delete)$/.test(callback)
      ? null
      : Number(callback.includes("response"));
    const trailers = callback.endsWith("trailers");
    drasticDone = false;
    atEnd = /_(done|delete)$/.test(callback);
    const operations = Array.from({ length: below(5) }, () =>
      operation(asks ? null : buffer, trailers),
    );
    if (/_(create|log|done|delete)$/.test(callback) && below(20) === 0) operations.push(trap);
    const action = asks ? oneOf([3, 4], 4) : oneOf(actions, 0);
    const what = operations.map(([each]) => each).join(", ");
    plan.push(`${callback}: ${what}; answers ${action}`);
    const start = asks ? asking(guest, resumption, below(8)) : "";
    const code = start + operations.map(([, each]) => each).join("\n");
    const told = guest.tellNumber(`${argument(callback)} (i32.const 0)`);
    // The plugin itself ends too, at a time that is Envoy's own.
    const body = `(if (i32.gt_u (local.get 0) (i32.const 1)) (then ${guest.log(callback)} ${told} ${code}))`;
    guest.on(callback, body, action);
  }
  atEnd = false;
  if (resumption !== null) {
    const operations = Array.from({ length: below(4) }, () => operation(null));
    drasticDone = false;
    const [how, code] = oneOf([continued, continued, drastic()], continued);
    plan.push(`${resumption}: ${operations.map(([each]) => each).join(", ")}, ${how}`);
    resume(guest, resumption, operations.map(([, each]) => each).join("\n") + code);
  }
  return {
    ...{ seed, plan, resumption },
    traffic: traffic(seed, resumption !== null),
    wasm: guest.wasm(),
  };
}

/** What begins what the request waits for. */
function asking(guest: Guest, resumption: Resumption, which: number): string {
  if (resumption === "timer") return "";
  return resumption === "callout" ? callout(guest, which) : grpcCall(guest, which);
}

/** Asks the upstream, or whom there is not. */
function callout(guest: Guest, which: number): string {
  const headers: readonly (readonly [string, string])[] = [
    [":method", "GET"],
    [":path", "/asked"],
    ...(which === 0 ? [] : [[":authority", "a"] as const]),
  ];
  const pairs = Buffer.from(encodePairs(headers)).toString("latin1");
  const cluster = guest.text(which === 1 ? "nowhere" : "upstream");
  const timeout = which === 2 ? -1 : 5000;
  return guest.tell(
    `(call $proxy_http_call ${cluster} ${guest.text(pairs)} ${Guest.numbers(0, 0, 0, 0, timeout, NUMBER_AT)})`,
  );
}

/** Calls the gRPC service, which answers or denies, or whom there is not. */
function grpcCall(guest: Guest, which: number): string {
  const cluster = guest.text(which === 1 ? "nowhere" : "grpc");
  const method = guest.text(which < 5 ? "ok" : "deny");
  return guest.tell(
    `(call $proxy_grpc_call ${cluster} ${guest.text("s")} ${method} ${guest.text("")} ${guest.text("hi")} ${Guest.numbers(5000, NUMBER_AT)})`,
  );
}

/** Acts on the first stream, once, when the timer ticks or the answer is there. */
function resume(guest: Guest, resumption: Resumption, code: string): void {
  const status = guest.tellResult(
    `(call $proxy_get_header_map_value ${Guest.numbers(6)} ${guest.text(":status")} ${RESULT})`,
  );
  const stop = "(drop (call $proxy_set_tick_period_milliseconds (i32.const 0)))";
  const act = `(if (i32.eqz (call $proxy_set_effective_context (i32.const 2)))
    (then ${guest.log(resumption)} ${resumption === "timer" ? stop : resumption === "callout" ? status : ""} ${code}))`;
  if (resumption === "callout") {
    guest.on("proxy_on_http_call_response", act);
    return;
  }
  if (resumption === "grpc") {
    const message = guest.tellResult(
      `(call $proxy_get_buffer_bytes ${Guest.numbers(5, 0, -1)} ${RESULT})`,
    );
    guest.on("proxy_on_grpc_receive", guest.log("received") + message + act);
    guest.on("proxy_on_grpc_close", guest.log("closed") + act);
    return;
  }
  guest.on("proxy_on_tick", act);
  const start = `(drop (call $proxy_set_tick_period_milliseconds (i32.const ${TICK_MS})))`;
  guest.on("proxy_on_configure", start, 1);
}

/** Puts what the callback is told, where it is a size, to where it will be logged. */
function argument(callback: string): string {
  const told = /_(headers|body|trailers)$/.test(callback) ? "(local.get 1)" : "(i32.const 0)";
  return `(i32.store (i32.const ${NUMBER_AT}) ${told})`;
}
