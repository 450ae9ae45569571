// Guests made from a number: in each callback they make a few host calls, log what each answered, and
// answer an action of their own. What they log is all that a filter can see of its host.
import { seededRandom } from "../../sdk/inspect/testing.ts";
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
  "nothing",
];

const STREAM_CALLBACKS: readonly (readonly [name: string, actions: readonly number[]])[] = [
  ["proxy_on_request_headers", [0, 0, 0, 0, 0, 0, 1, 2, 3, 4]],
  ["proxy_on_request_body", [0, 0, 0, 0, 1, 1, 1, 2, 3]],
  ["proxy_on_response_headers", [0, 0, 0, 0, 0, 0, 1, 2, 3, 4]],
  ["proxy_on_response_body", [0, 0, 0, 0, 1, 1, 1, 2, 3]],
  ["proxy_on_log", [0]],
  ["proxy_on_done", [0, 1]],
  ["proxy_on_delete", [0]],
];

/** A probe, as the list of what it does and as its module. */
export interface Probe {
  readonly seed: number;
  /** For reading: each callback with its calls and its answer. */
  readonly plan: readonly string[];
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
  const map = (): number => below(4);

  /** `buffer` is that of the callback's own direction: what was held of another may be gone. */
  const operation = (buffer: number | null): readonly [what: string, code: string] => {
    const type = map();
    // Closed or answered at its end, a stream ends again: Envoy recurses until it crashes. And it crashes
    // on a body that was neither passed on nor kept, when it is asked for outside of its callback.
    switch (buffer === null ? below(10) : below(drasticDone ? 13 : 14)) {
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
      case 3:
        return [
          `size ${type | 1}`,
          guest.tellNumber(
            `(call $proxy_get_header_map_size ${Guest.numbers(type | 1, NUMBER_AT)})`,
          ),
        ];
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
      case 10:
        return [
          `bytes ${buffer ?? 0}`,
          guest.tellResult(
            `(call $proxy_get_buffer_bytes ${Guest.numbers(buffer ?? 0, oneOf([0, 0, 3, 900], 0), oneOf([-1, 5, 0], 5))} ${RESULT})`,
          ),
        ];
      case 11:
        return [
          `status ${buffer ?? 0}`,
          guest.tellNumber(
            `(call $proxy_get_buffer_status ${Guest.numbers(buffer ?? 0, NUMBER_AT, 28)})`,
          ),
        ];
      case 12:
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
  let drasticDone = false;
  const drastic = (): readonly [what: string, code: string] => {
    drasticDone = true;
    switch (below(8)) {
      case 0:
        return ["trap", "(unreachable)"];
      case 1:
      case 2:
        return [
          "local response",
          guest.tell(
            `(call $proxy_send_local_response ${Guest.numbers(418)} ${guest.text("a b")} ${guest.text(oneOf(["", "short and stout"], ""))} ${guest.text("")} ${Guest.numbers(-1)})`,
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
  for (const [callback, actions] of STREAM_CALLBACKS) {
    if (below(6) === 0) continue;
    const buffer = /_(log|done|delete)$/.test(callback)
      ? null
      : Number(callback.includes("response"));
    drasticDone = false;
    const operations = Array.from({ length: below(5) }, () => operation(buffer));
    const action = oneOf(actions, 0);
    const what = operations.map(([each]) => each).join(", ");
    plan.push(`${callback}: ${what}; answers ${action}`);
    const code = operations.map(([, each]) => each).join("\n");
    const told = guest.tellNumber(`${argument(callback)} (i32.const 0)`);
    // The plugin itself ends too, at a time that is Envoy's own.
    const body = `(if (i32.gt_u (local.get 0) (i32.const 1)) (then ${guest.log(callback)} ${told} ${code}))`;
    guest.on(callback, body, action);
  }
  return { seed, plan, wasm: guest.wasm() };
}

/** Puts what the callback is told, where it is a size, to where it will be logged. */
function argument(callback: string): string {
  const told = /_(headers|body|trailers)$/.test(callback) ? "(local.get 1)" : "(i32.const 0)";
  return `(i32.store (i32.const ${NUMBER_AT}) ${told})`;
}
