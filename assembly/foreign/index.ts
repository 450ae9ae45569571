// Envoy's foreign functions, each by a typed form, and any other by its name.
export { ForeignAnswer, callForeignFunction } from "./call";
export { compress, uncompress } from "./compression";
export { Expression } from "./expression";
export {
  HashFunction,
  PrivateKey,
  PublicKey,
  SignatureResult,
  sign,
  verifySignature,
} from "./signature";
export {
  LifeSpan,
  PropertyDeclaration,
  PropertyType,
  clearRouteCache,
  declareProperty,
  setEnvoyFilterState,
} from "./stream";
