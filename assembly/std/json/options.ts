/**
 * What `Json.parse` allows.
 *
 * ```ts
 * const options = new JsonOptions();
 * options.maxDepth = 8;
 * const body = Json.parse(text, options);
 * ```
 */
export class JsonOptions {
  /** How deep arrays and objects may be nested in each other. */
  maxDepth: i32 = 64;
  /** How many values a document may have in all; 16,777,216 at most. One takes 8 to 24 bytes. */
  maxValues: i32 = 1_000_000;
  /** When an object has the same key twice: false makes it an error; true lets the last one win. */
  allowDuplicateKeys: bool = false;
}
