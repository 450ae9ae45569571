/** How a value is laid out. The numbers are those of the wire. */
export const enum WireType {
  /** int32, int64, uint32, uint64, sint32, sint64, bool, enum. */
  Varint = 0,
  /** fixed64, sfixed64, double. */
  Fixed64 = 1,
  /** string, bytes, messages, packed repeated fields. */
  LengthDelimited = 2,
  /** The begin of a group: deprecated, and skipped. */
  StartGroup = 3,
  /** The end of a group. */
  EndGroup = 4,
  /** fixed32, sfixed32, float. */
  Fixed32 = 5,
}
