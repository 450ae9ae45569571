// What `dev` tells of itself: the same to the terminal and, as JSON, to the live page. Types only,
// since the page's own script shares them.
import type { LogLevel } from "../envoy/log-level.ts";

/** A place in a source file. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A ToolError as data. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly place: Place | null;
  /** A code frame, or Envoy's own words; may be empty. */
  readonly detail: string;
  readonly hint: string | null;
}

/**
 * What became of a build: it serves, it is what already serves, its source or configuration is
 * wrong, Envoy refused it, or Envoy hung in it and was started anew. After the last three, what served
 * before goes on serving.
 */
export type Outcome = "serving" | "unchanged" | "failed" | "refused" | "hung";

/** One round from changed files to a module that serves, or not. */
export interface Build {
  /** Counts from 1. */
  readonly number: number;
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly outcome: Outcome;
  /** The files that brought it about, as a person would write them; empty for the first. */
  readonly changed: readonly string[];
  /** How long the compiler took; null where nothing was compiled. */
  readonly buildMs: number | null;
  /** From the new configuration's file to Envoy's word that it serves; null where it does not. */
  readonly swapMs: number | null;
  /** The module's size without function names; null where there is none. */
  readonly bytes: number | null;
  /** The first digits of the module's SHA-256; null where there is none. */
  readonly hash: string | null;
  /** Null for a build that went well. */
  readonly failure: Failure | null;
}

/** A header's name and value. Bytes that are no UTF-8 are latin1 characters. */
export type Header = readonly [name: string, value: string];

/** One direction of an exchange, before and after the filter. */
export interface Direction {
  /** As they came to the filter; null where they have not. */
  readonly before: readonly Header[] | null;
  /** As the filter let them go; null where it has not. */
  readonly after: readonly Header[] | null;
  /** The bytes of the body; null until its end. */
  readonly bodyBefore: number | null;
  readonly bodyAfter: number | null;
  /** Between the two, in microseconds, less what taking the time costs; null without both. */
  readonly micros: number | null;
}

/** A request and its response as they passed the filter. */
export interface Exchange {
  readonly id: string;
  /** When the request came, in milliseconds since 1970. */
  readonly at: number;
  readonly request: Direction;
  readonly response: Direction;
  /** From the request's headers to the response's, as the client's side sees it, in milliseconds. */
  readonly milliseconds: number | null;
  /** Whether the response is all through. */
  readonly complete: boolean;
}

/** A line for people: of the filter, or of Envoy about the filter. */
export interface LogEntry {
  /** Counts from 1. */
  readonly number: number;
  readonly at: number;
  readonly level: LogLevel;
  readonly from: "filter" | "envoy";
  readonly text: string;
  /** Where the filter logged it, or trapped; null where that is not known. */
  readonly place: Place | null;
}

/** One statistic; a histogram has its quantiles as text. */
export interface Metric {
  readonly name: string;
  readonly value: string;
}

/** Figures that Envoy keeps. */
export interface Metrics {
  /** Requests that have ended, and how many of them with each class of status. */
  readonly requests: number;
  readonly byClass: Readonly<Record<"1xx" | "2xx" | "3xx" | "4xx" | "5xx", number>>;
  /** The filter's own statistics. */
  readonly own: readonly Metric[];
}

/** Where things are, and how they stand. */
export interface Status {
  /** The filter's name. */
  readonly filter: string;
  /** The file or folder that it is built from. */
  readonly source: string;
  /** Where requests are to be sent; null until there is a module to serve them. */
  readonly address: string | null;
  /** The build that serves; null until there is one. */
  readonly serving: number | null;
  readonly envoyVersion: string;
  readonly upstream: string;
  /** The most exchanges a second that are shown; the others pass untouched. */
  readonly exchangesPerSecond: number;
}

/** What has happened. */
export type DevEvent =
  | { readonly type: "status"; readonly status: Status }
  | { readonly type: "build"; readonly build: Build }
  | { readonly type: "building"; readonly changed: readonly string[] }
  | { readonly type: "exchange"; readonly exchange: Exchange }
  | { readonly type: "log"; readonly entry: LogEntry }
  | { readonly type: "metrics"; readonly metrics: Metrics };
