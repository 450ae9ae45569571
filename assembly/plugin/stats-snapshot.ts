import { StatsReader } from "./stats-reader";
import { decodeUtf8 } from "../runtime/text";

/** A counter of Envoy's at one moment. */
@final
export class CounterSample {
  constructor(
    /** As Envoy's `/stats` has it. */
    readonly name: string,
    /** What it stands at. */
    readonly value: u64,
    /** By how much it has grown since the snapshot before. */
    readonly delta: u64,
  ) {}
}

/** A gauge of Envoy's at one moment. */
@final
export class GaugeSample {
  constructor(
    /** As Envoy's `/stats` has it. */
    readonly name: string,
    /** What it stands at. */
    readonly value: u64,
  ) {}
}

/**
 * Envoy's counters and gauges at one moment, those that were ever set, in an order of Envoy's own; it
 * hands out no histograms. Readable only inside `onStats`, empty afterwards.
 */
@final
export class StatsSnapshot {
  private reader: StatsReader | null = new StatsReader();

  /** All counters. */
  counters(): CounterSample[] {
    const samples: CounterSample[] = [];
    const reader = this.reader;
    if (reader === null) return samples;
    reader.openCounters();
    while (reader.advanceCounter()) {
      samples.push(
        new CounterSample(decodeUtf8(reader.name, reader.nameSize), reader.value, reader.delta),
      );
    }
    return samples;
  }

  /** All gauges. */
  gauges(): GaugeSample[] {
    const samples: GaugeSample[] = [];
    const reader = this.reader;
    if (reader === null) return samples;
    reader.openGauges();
    while (reader.advanceGauge()) {
      samples.push(new GaugeSample(decodeUtf8(reader.name, reader.nameSize), reader.value));
    }
    return samples;
  }

  /** Ends its life. @internal */
  __close(): void {
    const reader = this.reader;
    if (reader !== null) reader.close();
    this.reader = null;
  }
}
