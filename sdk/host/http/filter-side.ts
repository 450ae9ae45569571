// One direction of an HTTP stream through a filter: when it is called, what is held back, and what
// continuing means. It follows Envoy's filter manager step by step, as its order of things shows in what
// a filter sees.
import { BodyAction, HeadersAction, TrailersAction } from "../abi.ts";
import { BodyBuffer } from "./body-buffer.ts";
import { HeaderMap } from "./header-map.ts";

/** The filter of one direction. Each answers an action of the ABI. */
export interface SideFilter {
  headers(map: HeaderMap, endOfStream: boolean): number;
  data(data: BodyBuffer, endOfStream: boolean): number;
  trailers(map: HeaderMap): number;
  /** METADATA of HTTP/2: how many entries. Whatever it answers, they go on. */
  metadata(count: number): void;
}

/** What comes behind the filter. */
export interface SideOutput {
  headers(map: HeaderMap, endOfStream: boolean): void;
  data(data: BodyBuffer, endOfStream: boolean): void;
  trailers(map: HeaderMap): void;
}

/** What the stream decides for one of its directions. */
export interface SideOwner {
  /** Whether body and trailers are still wanted. */
  accepts(): boolean;
  /** Whether what was held back may go on. */
  canContinue(): boolean;
  /** Asked after each callback: whether a local response ended this direction within it. */
  aborted(): boolean;
  /** More is held back than the limit allows, and not for lack of a reader. */
  tooLarge(): void;
  /** More is held back than the limit allows: nothing is to be read meanwhile. */
  full(): void;
  /** So much has gone on that there is room again. */
  drained(): void;
}

type Iteration = "continue" | "stop" | "stop all and buffer" | "stop all and watermark";

export class FilterSide {
  headers: HeaderMap | null = null;
  trailers: HeaderMap | null = null;
  /** What is held back of the body; null when nothing ever was. */
  buffered: BodyBuffer | null = null;
  /** The last of the body, or the trailers, have come. */
  complete = false;
  /** What the filter is called for at this moment. */
  calling: "headers" | "data" | "trailers" | null = null;

  readonly #kind: "request" | "response";
  readonly #filter: SideFilter;
  readonly #output: SideOutput;
  readonly #owner: SideOwner;
  readonly #limit: number;
  #iteration: Iteration = "continue";
  #headersContinued = false;
  #fromCurrent = false;
  /** The filter has been told of the end. */
  #ended = false;
  /** METADATA that came while all was stopped. */
  #metadata: readonly number[] = [];
  /** More is held back than the limit allows. */
  #above = false;
  /** What is held back waits for a reader: no answer is made of too much of it. So it is before the filter has answered anything else. */
  #streaming = true;

  constructor(
    kind: "request" | "response",
    filter: SideFilter,
    output: SideOutput,
    owner: SideOwner,
    limit: number,
  ) {
    this.#kind = kind;
    this.#filter = filter;
    this.#output = output;
    this.#owner = owner;
    this.#limit = limit;
  }

  receiveHeaders(map: HeaderMap, end: boolean): void {
    this.headers = map;
    this.complete = end;
    this.#ended = end;
    this.calling = "headers";
    let action = this.#filter.headers(map, end);
    this.calling = null;
    if (this.#owner.aborted()) action = HeadersAction.StopIteration;
    switch (action) {
      case HeadersAction.StopIteration:
        this.#iteration = "stop";
        return;
      case HeadersAction.StopAllIterationAndBuffer:
        this.#iteration = "stop all and buffer";
        return;
      case HeadersAction.StopAllIterationAndWatermark:
        this.#iteration = "stop all and watermark";
        return;
    }
    // Continued within the callback, they have gone on already; Envoy sends them twice.
    this.#headersContinued = true;
    this.#output.headers(map, end);
  }

  receiveData(data: BodyBuffer, end: boolean): void {
    if (end) this.complete = true;
    this.#passData(data, end, true);
    this.#checkRoom();
  }

  receiveTrailers(map: HeaderMap): void {
    this.trailers = map;
    this.complete = true;
    this.#passTrailers(true);
  }

  receiveMetadata(count: number): void {
    if (!this.#owner.accepts()) return;
    if (this.#stoppedAll) this.#metadata = [...this.#metadata, count];
    else this.#filter.metadata(count);
  }

  /** Lets what was held back go on. */
  continue(): void {
    if (!this.#owner.canContinue()) return;
    if (this.#stoppedAll) this.#fromCurrent = true;
    this.#iteration = "continue";
    if (!this.#headersContinued && this.headers !== null) {
      this.#headersContinued = true;
      const end = this.complete && this.buffered === null && this.trailers === null;
      this.#output.headers(this.headers, end);
    }
    const metadata = this.#metadata;
    this.#metadata = [];
    for (const count of metadata) this.#filter.metadata(count);
    const hadTrailers = this.trailers !== null;
    if (this.buffered !== null) {
      this.#passData(this.buffered, this.complete && !hadTrailers, this.#fromCurrent);
    }
    if (hadTrailers) this.#passTrailers(this.#fromCurrent);
    this.#fromCurrent = false;
    this.#checkRoom();
  }

  /** Holds data back, from within a callback. */
  addData(data: BodyBuffer): void {
    this.#streaming = false;
    this.#hold(data);
  }

  /** Makes trailers, in the place of any that have been passed on already. */
  addTrailers(): HeaderMap {
    const trailers = new HeaderMap(`${this.#kind} trailers`);
    this.trailers = trailers;
    return trailers;
  }

  get #stoppedAll(): boolean {
    return this.#iteration.startsWith("stop all");
  }

  #hold(data: BodyBuffer): void {
    if (this.buffered === data) return;
    this.buffered ??= new BodyBuffer();
    this.buffered.move(data);
    if (this.#above || this.buffered.length <= this.#limit) return;
    this.#above = true;
    if (this.#streaming) this.#owner.full();
    else this.#owner.tooLarge();
  }

  /** Half the limit is where Envoy reads on. */
  #checkRoom(): void {
    if (!this.#above || (this.buffered?.length ?? 0) > this.#limit / 2) return;
    this.#above = false;
    this.#owner.drained();
  }

  #passData(data: BodyBuffer, wasEnd: boolean, toFilter: boolean): void {
    if (!this.#owner.accepts()) return;
    if (!toFilter) {
      this.#output.data(data, wasEnd);
      return;
    }
    if (this.#stoppedAll) {
      this.#streaming = this.#iteration === "stop all and watermark";
      this.#hold(data);
      return;
    }
    if (this.#ended) return;
    const hadTrailers = this.trailers !== null;
    this.#ended = wasEnd && !hadTrailers;
    this.calling = "data";
    const action = this.#filter.data(data, this.#ended);
    this.calling = null;
    if (this.#owner.aborted()) return;
    const added = !hadTrailers && this.#hasTrailers;
    const goesOn = this.#afterData(action, data);
    if (goesOn) this.#output.data(data, wasEnd && !added);
    // Envoy hands on a request's new trailers even where its body was stopped.
    if (added && (goesOn || this.#kind === "request")) this.#passTrailers(this.#fromCurrent);
  }

  // The filter may have made them meanwhile.
  get #hasTrailers(): boolean {
    return this.trailers !== null;
  }

  /** Whether the data goes on to what is behind the filter. */
  #afterData(action: number, data: BodyBuffer): boolean {
    if (action === BodyAction.Continue) {
      if (this.#iteration !== "stop") return true;
      this.#hold(data);
      this.continue();
      return false;
    }
    this.#iteration = "stop";
    if (action !== BodyAction.StopIterationNoBuffer) {
      this.#streaming = action === BodyAction.StopIterationAndWatermark;
      this.#hold(data);
    } else if (this.complete && !this.#hasTrailers && this.buffered === null) {
      // So that an end without bytes is not lost.
      this.buffered = new BodyBuffer();
    }
    return false;
  }

  #passTrailers(toFilter: boolean): void {
    if (!this.#owner.accepts() || this.trailers === null) return;
    if (toFilter) {
      if (this.#stoppedAll) return;
      this.calling = "trailers";
      let action = this.#filter.trailers(this.trailers);
      this.#ended = true;
      this.calling = null;
      if (this.#owner.aborted()) action = TrailersAction.StopIteration;
      if (action !== TrailersAction.Continue) {
        if (this.#iteration === "continue") this.#iteration = "stop";
        return;
      }
      if (this.#iteration === "stop") {
        this.continue();
        return;
      }
    }
    this.#output.trailers(this.trailers);
  }
}
