// Expressions in CEL (https://cel.dev) over the stream's properties, evaluated by Envoy.
import { Status } from "../abi/enums";
import { takeBool, takeInteger } from "../properties/read";
import { takeBytes, takeString } from "../runtime/bytes";
import { release, reserve, resultData, resultSize } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { call, callForStatus } from "./call";

/**
 * A compiled expression: `request.method == "POST" && source.port > 1024`. Compile it once, in
 * `onConfigure`, and evaluate it in the callbacks of streams. It belongs to the plugin that made it,
 * until `delete`.
 */
@final
export class Expression {
  private constructor(private readonly token: u32) {}

  /** Compiles `source`; `null` when it is no CEL, or the host was built without a parser. */
  static compile(source: string): Expression | null {
    const data = reserve(maxUtf8Size(source.length));
    const status = call("expr_create", data, encodeUtf8(source, data));
    release(data);
    const result = resultData();
    const expression =
      status == Status.Ok && resultSize() == 4 ? new Expression(load<u32>(result)) : null;
    release(result);
    return expression;
  }

  /** The value as a truth value; `absent` when it has none (a property is absent) or is no such. */
  bool(absent: bool = false): bool {
    return this.evaluate() ? takeBool(absent) : absent;
  }

  /** The value as a whole number, a time or a duration; `absent` when it has none or is no such. */
  integer(absent: i64 = -1): i64 {
    return this.evaluate() ? takeInteger(absent) : absent;
  }

  /** The value as a floating point number; `absent` when it has none or is no such. */
  double(absent: f64 = NaN): f64 {
    return this.evaluate() ? reinterpret<f64>(takeInteger(reinterpret<i64>(absent))) : absent;
  }

  /** The value as text; `null` when it has none. */
  text(): string | null {
    return this.evaluate() ? takeString() : null;
  }

  /** The value as the host encodes it (see `properties.getBytes`); `null` when it has none. */
  bytes(): Uint8Array | null {
    return this.evaluate() ? takeBytes() : null;
  }

  /** Frees it in Envoy. It has no value afterwards. */
  delete(): Status {
    const token = reserve(4);
    store<u32>(token, this.token);
    return callForStatus("expr_delete", token, 4);
  }

  private evaluate(): bool {
    const token = reserve(4);
    store<u32>(token, this.token);
    if (call("expr_evaluate", token, 4) == Status.Ok) return true;
    release(resultData());
    return false;
  }
}
