// What the guest was called for and what it asked of the host, counted exactly: a test may hold it.

/** One call of the host by the guest. */
export interface HostCallRecord {
  /** `proxy_get_header_map_value`; of WASI `fd_write`. */
  readonly name: string;
  /** What the host answered: a Status, or WASI's error number. */
  result: number | null;
}

/** One call of the guest by the host. */
export interface CallbackRecord {
  /** `proxy_on_request_headers`. */
  readonly callback: string;
  readonly contextId: number;
  /** What the guest answered; null when it answers nothing or trapped. */
  result: number | null;
  readonly hostCalls: HostCallRecord[];
  /** How often the host allocated in the guest. */
  allocations: number;
  /** Bytes of names, values and bodies that the host read from the guest. */
  bytesToHost: number;
  /** Bytes of results that the host wrote into the guest; the words that point to them not counted. */
  bytesToGuest: number;
}

/** A record of a call that begins now. */
export function newRecord(callback: string, contextId: number): CallbackRecord {
  return {
    callback,
    contextId,
    result: null,
    hostCalls: [],
    allocations: 0,
    bytesToHost: 0,
    bytesToGuest: 0,
  };
}

/** How often each host call was made, by name. */
export function countCalls(records: readonly CallbackRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of records.flatMap((record) => record.hostCalls)) {
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** What crossed between host and guest. */
export interface Crossings {
  readonly callbacks: number;
  readonly hostCalls: number;
  readonly allocations: number;
  readonly bytesToHost: number;
  readonly bytesToGuest: number;
}

/** The sums over some callbacks. */
export function sumOf(records: readonly CallbackRecord[]): Crossings {
  const sum = (of: (record: CallbackRecord) => number): number =>
    records.reduce((total, record) => total + of(record), 0);
  return {
    callbacks: records.length,
    hostCalls: sum((record) => record.hostCalls.length),
    allocations: sum((record) => record.allocations),
    bytesToHost: sum((record) => record.bytesToHost),
    bytesToGuest: sum((record) => record.bytesToGuest),
  };
}
