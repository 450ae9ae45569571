import type { Backend } from "../../test-api/api.ts";
import type { Form } from "../forms.ts";
import type { Reporter } from "../results.ts";
import { githubReporter } from "./github.ts";
import { jsonReporter } from "./json.ts";
import { nodeReporter } from "./node.ts";
import { specReporter } from "./spec.ts";
import type { SpecOptions } from "./spec.ts";

export interface ReporterOptions extends SpecOptions {
  readonly on: readonly Backend[];
}

/** A reporter for one run. */
export function makeReporter(form: Form, options: ReporterOptions): Reporter {
  switch (form) {
    case "spec":
      return specReporter(options);
    case "github":
      return githubReporter({ ...options, color: false });
    case "json":
      return jsonReporter(options.out, options.on);
    case "tap":
    case "junit":
      return nodeReporter(form, options.out, options.cwd);
  }
}
