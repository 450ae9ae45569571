// What the host's callbacks hand on to, set when the first callout of its kind is sent. Called
// directly, it would be compiled into every module before its callback is left out, and its classes
// would stay behind in the runtime's tables. For the same reason these are indices of functions: a
// function's type is a class too.

/** Takes the answers to HTTP callouts: `(root, token, headers, bodySize)`. */
// @ts-ignore: decorator
@lazy
let answerHttp: u32 = 0;

/** Drops the HTTP callouts of a context: `(owner)`. */
// @ts-ignore: decorator
@lazy
let forgetHttp: u32 = 0;

/** Says what takes the answers to HTTP callouts, and what drops those of a context that is gone. */
export function hookHttp(
  answer: (root: u32, token: u32, headers: u32, bodySize: u32) => void,
  forget: (owner: u32) => void,
): void {
  answerHttp = answer.index;
  forgetHttp = forget.index;
}

/** What happens to a gRPC call or stream. */
export const enum GrpcEvent {
  InitialMetadata,
  Message,
  TrailingMetadata,
  Close,
}

/** Takes the events of gRPC: `(event, root, token, value)`. */
// @ts-ignore: decorator
@lazy
let answerGrpc: u32 = 0;

/** Ends the gRPC calls and streams of a context: `(owner)`. */
// @ts-ignore: decorator
@lazy
let forgetGrpc: u32 = 0;

/** Says what takes the events of gRPC, and what ends the calls and streams of a context that is gone. */
export function hookGrpc(
  answer: (event: GrpcEvent, root: u32, token: u32, value: u32) => void,
  forget: (owner: u32) => void,
): void {
  answerGrpc = answer.index;
  forgetGrpc = forget.index;
}

/** Takes the answers to DNS lookups: `(root, token, size)`. */
// @ts-ignore: decorator
@lazy
let answerDns: u32 = 0;

/** Drops the DNS lookups of a context: `(owner)`. */
// @ts-ignore: decorator
@lazy
let forgetDns: u32 = 0;

/** Says what takes the answers to DNS lookups, and what drops those of a context that is gone. */
export function hookDns(
  answer: (root: u32, token: u32, size: u32) => void,
  forget: (owner: u32) => void,
): void {
  answerDns = answer.index;
  forgetDns = forget.index;
}

/** The answer to a DNS lookup has come. */
// @ts-ignore: decorator
@inline
export function onDnsAnswer(root: u32, token: u32, size: u32): void {
  if (answerDns != 0) call_indirect<void>(answerDns, root, token, size);
}

/** Something has happened to a gRPC call or stream; `value` is a message's size or a close's code. */
// @ts-ignore: decorator
@inline
export function onGrpcEvent(event: GrpcEvent, root: u32, token: u32, value: u32): void {
  if (answerGrpc != 0) call_indirect<void>(answerGrpc, event, root, token, value);
}

/** The answer to an HTTP callout has come. */
// @ts-ignore: decorator
@inline
export function onHttpAnswer(root: u32, token: u32, headers: u32, bodySize: u32): void {
  if (answerHttp != 0) call_indirect<void>(answerHttp, root, token, headers, bodySize);
}

/** A context is gone, so nothing of its own is to be called any more. */
// @ts-ignore: decorator
@inline
export function forgetCallouts(owner: u32): void {
  if (forgetHttp != 0) call_indirect<void>(forgetHttp, owner);
  if (forgetGrpc != 0) call_indirect<void>(forgetGrpc, owner);
  if (forgetDns != 0) call_indirect<void>(forgetDns, owner);
}
