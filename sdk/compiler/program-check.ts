// Checks on the program as asc resolved it, before anything is compiled: methods that look like
// callbacks and are none would be left out without a word.
import type { Range } from "assemblyscript/asc";
import { didYouMean } from "../did-you-mean.ts";
import { ToolError } from "../errors.ts";
import { SDK_FUNCTION_PREFIX } from "./callbacks.ts";
import { locate } from "./diagnostics.ts";
import type { Sources } from "./sources.ts";

/** The part of asc's `Program` that is used here. */
export interface ProgramView {
  readonly elementsByDeclaration: ReadonlyMap<unknown, object>;
}

/** A field, accessor or method of a class. */
interface MemberView {
  readonly declaration: { readonly name: { readonly range: Range } };
}

/** The part of asc's `ClassPrototype` that is used here. */
interface ClassView {
  readonly name: string;
  readonly internalName: string;
  readonly basePrototype: ClassView | null;
  readonly instanceMembers: ReadonlyMap<
    string,
    { readonly declaration: { readonly name: { readonly range: Range } } }
  > | null;
  readonly extenders: ReadonlySet<unknown>;
  readonly declaration: { readonly name: { readonly range: Range } };
}

function isClass(element: object): element is ClassView {
  return "basePrototype" in element && "instanceMembers" in element && "extenders" in element;
}

/** Methods are asc's `FunctionPrototype`s; fields and accessors are not. */
const isMethod = (member: MemberView): boolean => "unboundOverrides" in member;

/** The classes of the SDK that authors derive from, by the end of their internal names. */
const BASES = new Set(
  [
    "callout/dns-lookup/DnsLookup",
    "callout/grpc-call/GrpcCall",
    "callout/grpc-stream/GrpcStream",
    "callout/http-callout/HttpCallout",
    "http/filter/HttpFilter",
    "network/filter/TcpFilter",
    "plugin/plugin/Plugin",
    "plugin/timer/Timer",
    "shared/shared-queue/SharedQueue",
  ].map((name) => SDK_FUNCTION_PREFIX + name),
);

const isOwn = (each: ClassView): boolean => each.internalName.startsWith(SDK_FUNCTION_PREFIX);

/** The class and all it derives from, nearest first. */
function lineage(start: ClassView): ClassView[] {
  const classes: ClassView[] = [];
  for (let each: ClassView | null = start; each; each = each.basePrototype) {
    if (classes.includes(each)) break; // a circular `extends` is asc's to report
    classes.push(each);
  }
  return classes;
}

/** Names of what is there for authors to override; other methods are there for them to call. */
const CALLBACK = /^(?:on|create)[A-Z]/;

/** The names of the methods that a class of the author's may override. */
function overridable(own: readonly ClassView[]): Set<string> {
  const members = own.flatMap((each) => [...(each.instanceMembers ?? [])]);
  const callbacks = members.filter(([name, member]) => CALLBACK.test(name) && isMethod(member));
  return new Set(callbacks.map(([name]) => name));
}

function failure(
  code: "ERR_UNKNOWN_CALLBACK" | "ERR_NOTHING_OVERRIDDEN" | "ERR_NO_TICK_PERIOD",
  message: string,
  hint: string,
  span: Range,
  sources: Sources,
): ToolError {
  const { place, frame } = locate(span, sources);
  return new ToolError(code, message, {
    hint,
    ...(place ? { place } : {}),
    ...(frame === undefined ? {} : { detail: frame }),
  });
}

/** Throws for an `on...` method that overrides nothing, and for a class that overrides nothing. */
export function checkProgram(program: ProgramView, sources: Sources): void {
  for (const element of program.elementsByDeclaration.values()) {
    if (!isClass(element) || isOwn(element)) continue;
    const classes = lineage(element);
    const own = classes.filter(isOwn);
    if (!own.some((each) => BASES.has(each.internalName))) continue;
    const known = overridable(own);
    for (const [name, member] of element.instanceMembers ?? []) {
      if (!/^on[A-Z]/.test(name) || !isMethod(member) || known.has(name)) continue;
      const guess = didYouMean(name, known);
      throw failure(
        "ERR_UNKNOWN_CALLBACK",
        `${element.name}.${name} overrides nothing, so nothing would ever call it`,
        guess === null
          ? `The callbacks are: ${[...known].filter((each) => each.startsWith("on")).join(", ")}. Rename it if it is no callback: names with on... are kept for them.`
          : `Did you mean ${guess}?`,
        member.declaration.name.range,
        sources,
      );
    }
    // A class that others extend may leave the overriding to them.
    if (element.extenders.size > 0) continue;
    const authors = classes.filter((each) => !isOwn(each));
    const overrides = authors.some((each) =>
      [...(each.instanceMembers?.keys() ?? [])].some((name) => known.has(name)),
    );
    if (!overrides) {
      throw failure(
        "ERR_NOTHING_OVERRIDDEN",
        `${element.name} overrides no callback, so it would do nothing`,
        `Override one of: ${[...known].join(", ")}.`,
        element.declaration.name.range,
        sources,
      );
    }
  }
}

const PLUGIN = `${SDK_FUNCTION_PREFIX}plugin/plugin/Plugin`;

/**
 * Throws for a plugin with an `onTick` in a program of which nothing sets a period: it would never be
 * called. `functions` are the names of those that were compiled, and so are reached.
 */
export function checkTicks(
  program: ProgramView,
  functions: ReadonlySet<string>,
  sources: Sources,
): void {
  if (functions.has(`${PLUGIN}#setTickPeriod`)) return;
  for (const element of program.elementsByDeclaration.values()) {
    if (!isClass(element) || isOwn(element)) continue;
    const member = element.instanceMembers?.get("onTick");
    if (member === undefined || !functions.has(`${element.internalName}#constructor`)) continue;
    if (!lineage(element).some((each) => each.internalName === PLUGIN)) continue;
    throw failure(
      "ERR_NO_TICK_PERIOD",
      `${element.name}.onTick is never called, for nothing sets a period`,
      "Call setTickPeriod(milliseconds), in onConfigure for instance.",
      member.declaration.name.range,
      sources,
    );
  }
}
