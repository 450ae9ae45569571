// Headers as they stand in what the host hands over, and what is read from there.
import { PairsReader } from "../abi/pairs";
import { copyBytes } from "../runtime/bytes";
import { release, reserve } from "../runtime/memory";
import { decodeUtf8, encodeUtf8, maxUtf8Size } from "../runtime/text";

/** One header: a name in lower case, and a value. */
@final
export class Header {
  constructor(
    /** In lower case. */
    readonly name: string,
    /** As text: UTF-8, each ill-formed part as one U+FFFD. */
    readonly value: string,
  ) {}
}

/** One header whose value is bytes. */
@final
export class HeaderBytes {
  constructor(
    /** In lower case. */
    readonly name: string,
    /** As they are on the wire. */
    readonly value: Uint8Array,
  ) {}
}

/** What follows in `reader`, in the order of the wire. */
export function entriesOf(reader: PairsReader): Header[] {
  const entries = new Array<Header>();
  while (reader.advance()) {
    entries.push(
      new Header(
        decodeUtf8(reader.name, reader.nameSize),
        decodeUtf8(reader.value, reader.valueSize),
      ),
    );
  }
  return entries;
}

/** The values of `name` that follow in `reader`, in the order of the wire. */
export function textsOf(reader: PairsReader, name: string): string[] {
  const values: string[] = [];
  const key = reserve(maxUtf8Size(name.length));
  const keySize = encodeUtf8(name, key);
  while (reader.advanceTo(key, keySize)) {
    values.push(decodeUtf8(reader.value, reader.valueSize));
  }
  release(key);
  return values;
}

/** As `textsOf`, as bytes. */
export function bytesOf(reader: PairsReader, name: string): Uint8Array[] {
  const values: Uint8Array[] = [];
  const key = reserve(maxUtf8Size(name.length));
  const keySize = encodeUtf8(name, key);
  while (reader.advanceTo(key, keySize)) {
    values.push(copyBytes(reader.value, reader.valueSize));
  }
  release(key);
  return values;
}
