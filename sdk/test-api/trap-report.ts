// What people are shown of a trap. The one place where a report of it is written, on either backend.
import type { Trap } from "./api.ts";

/** How many frames of a stack are shown. */
const FRAMES = 8;

/** A trap as some lines of text, without a line end. */
export function trapReport({ callback, reason, stack }: Trap): string {
  const frames = stack === "" ? [] : stack.split("\n").slice(0, FRAMES);
  return [`trap in ${callback}: ${reason}`, ...frames.map((frame) => `  ${frame}`)].join("\n");
}

/** The frames within a module that V8 has put into an error's stack; empty where there is none. */
export function wasmFrames(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const frames = stack.split("\n").filter((line) => line.includes("wasm-function["));
  return frames.map((line) => line.trim()).join("\n");
}
