import { LOG_LEVELS } from "./abi.ts";
import type { LogLevel } from "./abi.ts";

export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
  /** The plugin's name; empty while the module starts. */
  readonly plugin: string;
  /** The worker's number; null for the main thread. */
  readonly worker: number | null;
}

/** What the filter logged at the host's level and above, as Envoy would have it in its log. */
export class Logs {
  /** The level from which on lines are kept; `off` keeps none. */
  readonly level: LogLevel | "off";
  readonly #lines: LogLine[] = [];

  constructor(level: LogLevel | "off") {
    this.level = level;
  }

  /** The level's number as `proxy_get_log_level` answers it: 6 is off. */
  get levelNumber(): number {
    return this.level === "off" ? LOG_LEVELS.length : LOG_LEVELS.indexOf(this.level);
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** The lines' texts, those of one level where it is given. */
  texts(level?: LogLevel): readonly string[] {
    return this.#lines
      .filter((line) => level === undefined || line.level === level)
      .map((line) => line.text);
  }

  /** All lines as one text, as `level: text`. */
  text(): string {
    return this.#lines.map((line) => `${line.level}: ${line.text}\n`).join("");
  }

  /** Keeps a line if its level is high enough. */
  add(level: number, text: string, plugin: string, worker: number | null): void {
    const name = LOG_LEVELS[level];
    if (name !== undefined && level >= this.levelNumber) {
      this.#lines.push({ level: name, text, plugin, worker });
    }
  }
}
