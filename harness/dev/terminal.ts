// What `dev` says in the terminal: where it listens, what became of each build, and what the filter
// logs. Requests are for the page.
import { formatBytes } from "../../sdk/cli/format.ts";
import { printable } from "../printable.ts";
import type { Build, DevEvent, Failure, LogEntry, Place, Status } from "./events.ts";

/** Where the words go. */
export interface TerminalIo {
  out(text: string): void;
  err(text: string): void;
  readonly color: boolean;
}

/** Select Graphic Rendition codes of terminals. */
const RED = "1;31";
const GREEN = "32";
const CYAN = "36";
const DIM = "2";

/** Prints events. The filter's own lines go to stdout, all else to stderr. */
export class Terminal {
  readonly #io: TerminalIo;
  #status: Status | null = null;
  #bytes: number | null = null;
  #address: string | null = null;

  constructor(io: TerminalIo) {
    this.#io = io;
  }

  readonly tell = (event: DevEvent): void => {
    switch (event.type) {
      case "status":
        this.#status = event.status;
        break;
      case "build":
        this.#build(event.build);
        break;
      case "log":
        this.#log(event.entry);
        break;
      default:
    }
  };

  /** The page's address, once. */
  page(url: string): void {
    this.#io.err(`page: ${this.#paint(url, CYAN)}\n`);
  }

  #build(build: Build): void {
    const { number, changed, failure, bytes } = build;
    const cause = changed.length === 0 ? "" : `${changed.join(", ")} changed: `;
    const name = `${this.#paint(clock(build.at), DIM)} build ${number}: ${cause}`;
    if (failure !== null) {
      this.#io.err(`${name}${this.#paint(describeOutcome(build), RED)}\n${this.#failure(failure)}`);
      this.#io.err(`${this.#kept()}\n`);
      return;
    }
    const growth = this.#bytes === null || bytes === null ? "" : difference(bytes - this.#bytes);
    const size = bytes === null ? "" : `${formatBytes(bytes)}${growth}, `;
    const built = build.buildMs === null ? "" : `built in ${milliseconds(build.buildMs)}, `;
    this.#io.err(`${name}${size}${built}${this.#paint(describeOutcome(build), GREEN)}\n`);
    this.#bytes = bytes;
    this.#listening();
  }

  /** Said once, as soon as there is something to send requests to. */
  #listening(): void {
    const address = this.#status?.address ?? null;
    if (address === null || address === this.#address || this.#status === null) return;
    this.#address = address;
    const { filter, upstream, envoyVersion } = this.#status;
    this.#io.err(`Envoy ${envoyVersion}: ${filter} -> ${upstream}\n`);
    this.#io.out(`${address}\n`);
    this.#io.err(`try: curl -i ${address}/   (Ctrl-C ends it)\n`);
  }

  #failure({ code, message, place, detail, hint }: Failure): string {
    const lines = [`${this.#paint(`error ${code}:`, RED)} ${printable(message)}`];
    if (place !== null) lines.push(`  at ${describePlace(place)}`);
    if (detail !== "") lines.push(printable(detail.trimEnd(), ""));
    if (hint !== null) lines.push(`${this.#paint("hint:", CYAN)} ${hint}`);
    return `${lines.join("\n")}\n`;
  }

  #kept(): string {
    const serving = this.#status?.serving ?? null;
    if (serving === null) return "nothing serves yet: waiting for a change";
    return `build ${serving} keeps serving: waiting for a change`;
  }

  #log({ level, from, text, place }: LogEntry): void {
    const who = from === "filter" ? (this.#status?.filter ?? "") : "envoy";
    const where = place === null ? "" : `  ${this.#paint(describePlace(place), DIM)}`;
    const line = `${who} ${level}: ${printable(text)}${where}\n`;
    if (from === "filter") this.#io.out(line);
    else this.#io.err(this.#paint(line, RED));
  }

  #paint(text: string, code: string): string {
    return this.#io.color ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** What became of a build, in words. */
function describeOutcome({ outcome, swapMs, number }: Build): string {
  switch (outcome) {
    case "serving":
      if (number === 1) return `Envoy serves it after ${milliseconds(swapMs ?? 0)}`;
      return `swapped in ${milliseconds(swapMs ?? 0)}`;
    case "unchanged":
      return "the same module as serves already";
    case "failed":
      return "not built";
    case "refused":
      return "Envoy refused it";
    case "hung":
      return "Envoy hung in it";
  }
}

function describePlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function difference(bytes: number): string {
  if (bytes === 0) return "";
  return ` (${bytes > 0 ? "+" : "-"}${formatBytes(Math.abs(bytes))})`;
}

function milliseconds(time: number): string {
  return time < 1000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`;
}

function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
