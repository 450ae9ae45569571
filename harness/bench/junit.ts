// What became of the budgets, as JUnit XML: one test case a budget.
import { escaped } from "../report/html.ts";
import type { BudgetResult } from "./report-parts.ts";
import type { BenchReport } from "./report.ts";

/** Renders the budgets; ends with a line end. */
export function renderJunit({ budgets, durationSeconds, startedAt }: BenchReport): string {
  const of = (outcome: BudgetResult["outcome"]): number =>
    budgets.filter((budget) => budget.outcome === outcome).length;
  const suite =
    `name="as-proxy-wasm bench" tests="${budgets.length}" failures="${of("exceeded")}" errors="0" ` +
    `skipped="${of("not-measured")}" time="${durationSeconds.toFixed(3)}" timestamp="${startedAt.slice(0, 19)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite ${suite}>`,
    ...budgets.flatMap(testCase),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase({ filter, name, outcome, text }: BudgetResult): string[] {
  const attributes = `classname="bench.${escaped(filter)}" name="${escaped(name)}"`;
  const words = escaped(text);
  switch (outcome) {
    case "exceeded":
      return [
        `    <testcase ${attributes}>`,
        `      <failure message="${words}"/>`,
        "    </testcase>",
      ];
    case "not-measured":
      return [
        `    <testcase ${attributes}>`,
        `      <skipped message="${words}"/>`,
        "    </testcase>",
      ];
    case "kept":
    case "unresolved":
      return [
        `    <testcase ${attributes}>`,
        `      <system-out>${words}</system-out>`,
        "    </testcase>",
      ];
  }
}
