// The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), without schemas:
// the author says which number is what, as generated code would.
export { ProtobufReader } from "./protobuf/reader";
export { WireType } from "./protobuf/wire-type";
export { ProtobufWriter } from "./protobuf/writer";
