// The flag --sweep, and what traffic is at each point of one.
import { ToolError } from "../../sdk/errors.ts";
import { RANGES, sampleHeaders } from "./traffic-options.ts";
import type { Traffic } from "./traffic.ts";

/** One dimension with the values that it takes one after another. */
export interface Sweep {
  readonly dimension: string;
  readonly points: readonly SweepValue[];
}

/** One value of a dimension. */
export interface SweepValue {
  readonly value: string;
  /** The traffic with that value. */
  readonly of: (traffic: Traffic) => Traffic;
}

const MOST_POINTS = 12;

type Change = (traffic: Traffic, value: number) => Traffic;

/** The dimensions that count something. */
const COUNTED: Readonly<Record<keyof typeof RANGES, Change>> = {
  headers: (traffic, value) => {
    const others = traffic.request.headers.filter(([name]) => !/^x-sample-\d+$/.test(name));
    const headers = [...sampleHeaders(value), ...others];
    return { ...traffic, request: { ...traffic.request, headers } };
  },
  body: (traffic, value) => ({ ...traffic, request: { ...traffic.request, bodyBytes: value } }),
  "response-body": (traffic, value) => ({ ...traffic, responseBodyBytes: value }),
  connections: (traffic, value) => ({ ...traffic, connections: value }),
  workers: (traffic, value) => ({ ...traffic, workers: value }),
};

/** The dimensions that are one of several words. */
const NAMED: Readonly<Record<string, Readonly<Record<string, (traffic: Traffic) => Traffic>>>> = {
  protocol: {
    http1: (traffic) => ({ ...traffic, wire: { ...traffic.wire, protocol: "http1" } }),
    http2: (traffic) => ({ ...traffic, wire: { ...traffic.wire, protocol: "http2" } }),
  },
  tls: {
    off: (traffic) => ({ ...traffic, wire: { ...traffic.wire, tls: false } }),
    on: (traffic) => ({ ...traffic, wire: { ...traffic.wire, tls: true } }),
  },
};

/** Reads every --sweep, for example `headers=1,10,50`. Fails with ERR_USAGE. */
export function sweepFlags(texts: readonly string[]): readonly Sweep[] {
  const sweeps = texts.map(sweepFlag);
  const dimensions = sweeps.map(({ dimension }) => dimension);
  const twice = dimensions.find((one, i) => dimensions.indexOf(one) < i);
  if (twice !== undefined) {
    throw new ToolError("ERR_USAGE", `--sweep ${twice} was given twice`, {
      hint: `write all its values in one: --sweep ${twice}=1,10`,
    });
  }
  return sweeps;
}

function sweepFlag(text: string): Sweep {
  const [, dimension = "", list = ""] = /^([\w-]+)=(.+)$/.exec(text) ?? [];
  const values = list.split(",").map((value) => value.trim());
  const counted = Object.entries(COUNTED).find(([name]) => name === dimension);
  const words = Object.hasOwn(NAMED, dimension) ? NAMED[dimension] : undefined;
  if (list === "" || (counted === undefined && words === undefined)) {
    const names = [...Object.keys(COUNTED), ...Object.keys(NAMED)].join(", ");
    throw new ToolError("ERR_USAGE", `--sweep wants DIMENSION=VALUE,VALUE..., not ${text}`, {
      hint: `the dimensions are ${names}`,
    });
  }
  if (values.length > MOST_POINTS || new Set(values).size < values.length) {
    throw new ToolError(
      "ERR_USAGE",
      `--sweep ${dimension} wants up to ${MOST_POINTS} different values, not ${list}`,
    );
  }
  return { dimension, points: values.map((value) => point(dimension, value)) };
}

function point(dimension: string, value: string): SweepValue {
  if (Object.hasOwn(NAMED, dimension)) {
    const words = NAMED[dimension] ?? {};
    const of = Object.hasOwn(words, value) ? words[value] : undefined;
    if (of !== undefined) return { value, of };
    throw new ToolError(
      "ERR_USAGE",
      `--sweep ${dimension} wants ${Object.keys(words).join(" and ")}, not ${value}`,
    );
  }
  const name = dimension as keyof typeof RANGES;
  const { least, most } = RANGES[name];
  const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
  if (number < least || number > most) {
    throw new ToolError(
      "ERR_USAGE",
      `--sweep ${dimension} wants numbers from ${least} to ${most}, not ${value}`,
    );
  }
  return { value, of: (traffic) => COUNTED[name](traffic, number) };
}
