// Comparing and showing values of any type.

/** Whether two values are the same to a reader: numbers, texts, and lists by their elements. */
export function areEqual<T>(a: T, b: T): bool {
  if (isNullable<T>()) {
    const aIsNull = changetype<usize>(a) == 0;
    const bIsNull = changetype<usize>(b) == 0;
    if (aIsNull || bIsNull) return aIsNull && bIsNull;
    return areEqual<NonNullable<T>>(changetype<NonNullable<T>>(a), changetype<NonNullable<T>>(b));
  } else if (isFloat<T>()) {
    return a == b || (a != a && b != b);
  } else if (isString<T>()) {
    return a == b;
  } else if (isArrayLike<T>()) {
    // @ts-ignore: T has a length
    const length: i32 = a.length;
    // @ts-ignore: T has a length
    if (b.length != length) return false;
    // @ts-ignore: T has elements
    for (let i = 0; i < length; i++) if (!areEqual<valueof<T>>(a[i], b[i])) return false;
    return true;
  } else {
    return a == b;
  }
}

/** Whether two values are one: numbers and texts by value, objects and lists by identity. */
export function areSame<T>(a: T, b: T): bool {
  if (isReference<T>() && !isString<T>()) return changetype<usize>(a) == changetype<usize>(b);
  else return areEqual<T>(a, b);
}

/** The value as it would stand in the source, as far as that goes; else its class. */
export function show<T>(value: T): string {
  if (isNullable<T>()) {
    return changetype<usize>(value) == 0
      ? "null"
      : show<NonNullable<T>>(changetype<NonNullable<T>>(value));
  } else if (isString<T>()) {
    return quoted(changetype<string>(value));
  } else if (isBoolean<T>()) {
    return value ? "true" : "false";
  } else if (isInteger<T>() || isFloat<T>()) {
    // @ts-ignore: numbers have it
    return value.toString();
  } else if (isFunction<T>()) {
    return "(function)";
  } else if (isArrayLike<T>()) {
    let text = "[";
    // @ts-ignore: T has a length
    for (let i = 0; i < value.length; i++) {
      // @ts-ignore: T has elements
      text += (i > 0 ? ", " : "") + show<valueof<T>>(value[i]);
    }
    return text + "]";
    // @ts-ignore: that is what is asked
  } else if (isDefined(value.toString)) {
    // @ts-ignore: it is
    return value.toString();
  } else {
    return "(" + nameof<T>() + ")";
  }
}

function quoted(text: string): string {
  let result = '"';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit == 0x22 || unit == 0x5c) result += "\\" + text.charAt(i);
    else if (unit == 0x0a) result += "\\n";
    else if (unit == 0x0d) result += "\\r";
    else if (unit == 0x09) result += "\\t";
    else if (unit < 0x20) result += "\\x" + (unit < 16 ? "0" : "") + unit.toString(16);
    else result += text.charAt(i);
  }
  return result + '"';
}
