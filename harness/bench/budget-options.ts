// The flag --budget: limits by name, on the command line or in a JSON file.
import { readFile } from "node:fs/promises";
import { didYouMean } from "../../sdk/did-you-mean.ts";
import { messageOf, ToolError } from "../../sdk/errors.ts";

/** The most that a figure of each filter may be. */
export interface Budget {
  readonly name: BudgetName;
  /** Of the filter that `added_vs_` and `cpu_vs_` name; empty for other budgets. */
  readonly reference: string;
  readonly limit: number;
}

/** What can have a budget, with its unit. Those in us belong to one machine. */
export const BUDGETS = {
  added_p50_us: "us",
  added_p90_us: "us",
  added_p99_us: "us",
  added_p999_us: "us",
  added_request_us: "us",
  added_response_us: "us",
  added_cpu_us: "us",
  added_client_p50_us: "us",
  added_client_p99_us: "us",
  load_ms: "ms",
  memory_kb: "KiB",
  throughput_loss: "of no filter's throughput",
  added_vs: "times what that filter adds",
  cpu_vs: "times that filter's CPU time",
  host_calls: "a request",
  callbacks: "a request",
  allocations: "a request",
  bytes_to_host: "bytes a request",
  bytes_to_guest: "bytes a request",
  wasm_kb: "KiB",
} as const;
export type BudgetName = keyof typeof BUDGETS;

const LARGEST = 1e9;

/**
 * Reads every --budget: `name=limit,name=limit`, or the name of a JSON file with an object of limits
 * by name. Fails with ERR_USAGE, ERR_FILE_NOT_FOUND, or ERR_CONFIG_INVALID naming the field.
 */
export async function readBudgets(values: readonly string[]): Promise<readonly Budget[]> {
  const budgets: Budget[] = [];
  for (const value of values) {
    const read = value.includes("=") ? fromFlag(value) : await fromFile(value);
    for (const budget of read) {
      const { name, reference } = budget;
      if (budgets.some((other) => other.name === name && other.reference === reference)) {
        throw new ToolError("ERR_USAGE", `--budget sets ${written(budget)} twice`);
      }
      budgets.push(budget);
    }
  }
  return budgets;
}

/** A budget's name as it is written. */
export function written({ name, reference }: Pick<Budget, "name" | "reference">): string {
  return reference === "" ? name : `${name}_${reference}`;
}

function fromFlag(text: string): readonly Budget[] {
  return text.split(",").map((part) => {
    const [, name = "", limit = ""] = /^\s*([\w.-]+)\s*=\s*(\S*)\s*$/.exec(part) ?? [];
    if (name === "") {
      throw new ToolError("ERR_USAGE", `--budget wants NAME=LIMIT,NAME=LIMIT..., not ${text}`, {
        hint: `the names are ${names()}`,
      });
    }
    const number = /^\d+(\.\d+)?$/.test(limit) ? Number(limit) : NaN;
    return budget(name, number, limit, "ERR_USAGE", "--budget");
  });
}

async function fromFile(file: string): Promise<readonly Budget[]> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new ToolError("ERR_FILE_NOT_FOUND", `${file} cannot be read: ${messageOf(cause)}`, {
      hint: '--budget takes NAME=LIMIT,NAME=LIMIT..., or a JSON file such as {"host_calls": 4}',
      cause,
    });
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ToolError("ERR_CONFIG_INVALID", `${file} is no JSON: ${messageOf(cause)}`, { cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ToolError("ERR_CONFIG_INVALID", `${file} must have an object of limits by name`, {
      hint: `the names are ${names()}`,
    });
  }
  return Object.entries(parsed).map(([name, value]: [string, unknown]) => {
    const number = typeof value === "number" ? value : NaN;
    return budget(name, number, JSON.stringify(value), "ERR_CONFIG_INVALID", file);
  });
}

function budget(
  given: string,
  limit: number,
  shown: string,
  code: "ERR_USAGE" | "ERR_CONFIG_INVALID",
  where: string,
): Budget {
  const relative = /^(added_vs|cpu_vs)_(.+)$/.exec(given);
  const name = Object.keys(BUDGETS)
    .filter((one): one is BudgetName => Object.hasOwn(BUDGETS, one))
    .find((one) => one === (relative?.[1] ?? given));
  const reference = relative?.[2] ?? "";
  if (name === undefined || (reference === "" && /_vs$/.test(given))) {
    const hint = didYouMean(given, Object.keys(BUDGETS));
    throw new ToolError(code, `${where}: there is no budget ${given}`, {
      hint: `${hint === null ? "" : `did you mean ${hint}? `}the names are ${names()}`,
    });
  }
  if (!(limit >= 0 && limit <= LARGEST)) {
    throw new ToolError(
      code,
      `${where}: ${given} wants a number from 0 to ${LARGEST.toLocaleString("en-US")}, not ${shown}`,
    );
  }
  return { name, reference, limit };
}

function names(): string {
  return Object.keys(BUDGETS)
    .map((name) => (name.endsWith("_vs") ? `${name}_FILTER` : name))
    .join(", ");
}
