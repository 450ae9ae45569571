import type { Context } from "../contexts/context.ts";
import type { GuestMemory } from "../guest-memory.ts";
import type { Vm } from "../vm.ts";

/** What a host call works with. */
export interface CallScope {
  readonly vm: Vm;
  /** What it acts on: the effective context. */
  readonly context: Context;
  readonly memory: GuestMemory;
}

/**
 * A host call's body. Numbers of 32 bits come unsigned, those of 64 bits as bigint. Answers a status; it
 * may end early by throwing CallEnded, as reading outside of the guest's memory does. A method, so that
 * each body may name the parameters it has.
 */
export type HostCall = {
  run(scope: CallScope, ...args: readonly (number | bigint)[]): number;
}["run"];

/** Host calls by the names of the ABI. */
export type HostCalls = Readonly<Record<string, HostCall>>;
