import { Status } from "../abi.ts";
import type { RootContext } from "../contexts/root-context.ts";
import { GrpcCallout } from "../grpc/callout.ts";
import { grpcTarget } from "../grpc/target.ts";
import type { HostServices } from "../host-services.ts";
import { decodePairs } from "../pairs.ts";
import type { CallScope, HostCalls } from "./host-call.ts";

/** The lowest two bits of a callout's id are its kind. */
const KIND_MASK = 3;
const CALL = 1;
const STREAM = 2;

const UNAVAILABLE = 14;

/** How many arguments calls and streams have in common: four places in the guest, each a pointer and a size. */
const IN_COMMON = 8;

/** Whom it is for, and what. */
interface Request {
  readonly target: Uint8Array;
  readonly service: string;
  readonly method: string;
  readonly metadata: Uint8Array;
}

function read({ memory }: CallScope, args: readonly number[]): Request {
  const [target = 0, targetSize = 0, service = 0, serviceSize = 0, ...rest] = args;
  const [method = 0, methodSize = 0, metadata = 0, metadataSize = 0] = rest;
  return {
    target: memory.read(target, targetSize),
    service: memory.readUtf8(service, serviceSize),
    method: memory.readUtf8(method, methodSize),
    metadata: memory.read(metadata, metadataSize),
  };
}

/** Begins a call, which has a message, or a stream; `to` is where its id goes. */
function start(
  { context, memory, vm }: CallScope,
  request: Request,
  { message, timeout }: { readonly message: Uint8Array | null; readonly timeout: number },
  to: number,
): number {
  const { root } = context;
  const { clusters } = vm.host;
  const target = grpcTarget(request.target);
  if (target === null) {
    vm.host.problem("a gRPC call's GrpcService has no envoy_grpc: Envoy may not survive it");
    return Status.BadArgument;
  }
  if (root === null) return Status.BadArgument;
  const { authority, bare, cluster } = target;
  const known = clusters === null || clusters.has(cluster);
  if (!known && bare) return Status.ParseFailure;
  const kind = message === null ? "stream" : "call";
  const id = vm.nextCalloutId(kind === "call" ? CALL : STREAM);
  if (!known) {
    // Envoy tells of the failure besides, by an id that the guest has never learned.
    vm.afterCall(() => {
      root.grpcClose(id, UNAVAILABLE, "Cluster not available");
    });
    return Status.InternalFailure;
  }
  const { method, service } = request;
  const metadata = decodePairs(request.metadata).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const callout = new GrpcCallout(root, {
    ...{ id, kind, cluster, authority, service, method, metadata, timeout },
  });
  if (message !== null) callout.take(message, true);
  root.grpcCallouts.set(id, callout);
  memory.writeU32(to, id);
  vm.host.grpcEvent({ kind: "called", callout });
  return Status.Ok;
}

/** The stream or call of that id. */
function found(root: RootContext | null, id: number): GrpcCallout | null {
  return root?.grpcCallouts.get(id) ?? null;
}

/** gRPC: unary calls and streams, both owned by the plugin, whichever stream made them. */
export const grpcCalls: HostCalls = {
  // target, service, method, metadata; message; timeout; where the id goes.
  proxy_grpc_call(scope, ...args: number[]) {
    const request = read(scope, args);
    const [message = 0, size = 0, timeout = 0, to = 0] = args.slice(IN_COMMON);
    return start(scope, request, { message: scope.memory.read(message, size), timeout }, to);
  },

  // target, service, method, metadata; where the id goes.
  proxy_grpc_stream(scope, ...args: number[]) {
    const [to = 0] = args.slice(IN_COMMON);
    return start(scope, read(scope, args), { message: null, timeout: 0 }, to);
  },

  proxy_grpc_send({ context, memory, vm }, id: number, message: number, size: number, end: number) {
    const bytes = memory.read(message, size);
    if ((id & KIND_MASK) !== STREAM) return Status.BadArgument;
    const callout = found(context.root, id);
    if (callout === null) return Status.NotFound;
    if (usable(vm.host, callout, "proxy_grpc_send")) {
      callout.take(bytes, end !== 0);
      vm.host.grpcEvent({ kind: "message", callout, bytes });
      if (end !== 0) vm.host.grpcEvent({ kind: "end", callout });
    }
    return Status.Ok;
  },

  proxy_grpc_cancel({ context }, id: number) {
    const kind = id & KIND_MASK;
    if (kind !== CALL && kind !== STREAM) return Status.BadArgument;
    const callout = found(context.root, id);
    if (callout === null) return Status.NotFound;
    callout.cancel();
    context.root?.grpcCallouts.delete(id);
    return Status.Ok;
  },

  // Of a call it is its end; of a stream the end of the filter's side.
  proxy_grpc_close({ context, vm }, id: number) {
    const kind = id & KIND_MASK;
    if (kind !== CALL && kind !== STREAM) return Status.BadArgument;
    const callout = found(context.root, id);
    if (callout === null) return Status.NotFound;
    if (kind === CALL) callout.cancel();
    if (kind === CALL || !callout.pending) {
      context.root?.grpcCallouts.delete(id);
    } else if (usable(vm.host, callout, "proxy_grpc_close")) {
      callout.take(null, true);
      vm.host.grpcEvent({ kind: "end", callout });
    }
    return Status.Ok;
  },
};

/** Whether the filter's side is still open; Envoy does not ask. */
function usable(host: HostServices, callout: GrpcCallout, name: string): boolean {
  if (callout.pending && !callout.ended) return true;
  const side = callout.pending ? "the filter has ended its side" : "the service has closed";
  host.problem(`${name} on the gRPC stream ${callout.id}, of which ${side}: Envoy may crash`);
  return false;
}
