// For GitHub Actions: as for people, and each failure as an annotation of its line.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
import type { Reporter, TestResult } from "../results.ts";
import { failurePlace, failureText } from "./failure-text.ts";
import { specReporter } from "./spec.ts";
import type { SpecOptions } from "./spec.ts";

export function githubReporter(options: SpecOptions): Reporter {
  const { out, cwd } = options;
  const spec = specReporter(options);
  const failed: TestResult[] = [];
  return {
    file(source, on, results) {
      spec.file(source, on, results);
      failed.push(...results.filter(({ status }) => status === "failed"));
    },
    async end(totals) {
      await spec.end(totals);
      for (const result of failed) {
        const place = failurePlace(result, cwd);
        const title = `${result.path.join(" > ")} (${result.on})`;
        const parts = [
          `file=${property(place?.file ?? result.source)}`,
          ...(place === null ? [] : [`line=${place.line}`, `col=${place.column}`]),
          `title=${property(title)}`,
        ];
        out(`::error ${parts.join(",")}::${data(failureText(result, cwd))}\n`);
      }
    },
  };
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
