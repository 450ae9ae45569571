/**
 * Builds the name of a metric that carries tags, which Prometheus calls labels:
 *
 * ```ts
 * const denied = new Counter(new MetricName("denied").tag("reason", "expired").toString());
 * ```
 *
 * Envoy's filters cannot hand over tags beside a name: the name holds them, and Envoy takes them out
 * again by regular expressions of its bootstrap. What this class writes, `reason=.=expired;.;denied`,
 * is Istio's convention, and needs one expression for each tag:
 *
 * ```yaml
 * stats_config:
 *   stats_tags:
 *     - tag_name: reason
 *       regex: "(reason=\\.=(.*?);\\.;)"
 * ```
 *
 * The Prometheus page then shows `denied{reason="expired"}`; without it the name is shown whole. Each
 * combination of values is a metric of its own that Envoy never forgets: use few values.
 */
@final
export class MetricName {
  private tags: string = "";

  constructor(private readonly name: string) {}

  /** Adds a tag. */
  tag(name: string, value: string): MetricName {
    this.tags += name + "=.=" + value + ";.;";
    return this;
  }

  /** The name to give to a counter, gauge or histogram. */
  toString(): string {
    return this.tags + this.name;
  }
}
