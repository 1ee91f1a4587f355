import { Metrics } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import {
  type Metered,
  type Metric,
  type MetricName,
  type MetricsConfig,
  metricsOf,
  type NamedMetricName,
  namedMetrics,
} from '../../shared/metrics/catalogue.js';
import { deployedConfig } from './deployedConfig.js';

type Numbers = number | { readonly [name: string]: Numbers };

/** Names of rules of one number in a line of the log, the highest first: a line stays small. */
const maxNames = 10;

/**
 * Milliseconds between two lines of a function that may be invoked many times a minute: less than a minute, so that each
 * minute of a chart has its value.
 */
export const metricsHold = 50_000;

/**
 * The numbers of a function, as lines of its log in CloudWatch's embedded metric format: no call, no cost at run time. Which of
 * them are metrics, shared/metrics/catalogue.ts says.
 *
 * A busy environment writes a line a minute rather than one for each invocation, whose bytes would cost more than the metrics. What
 * it has counted since is lost when Lambda ends it: less than a minute of the hours that it lives.
 */
export class FunctionMetrics<F extends Metered> {
  private readonly emf: Metrics;
  private readonly ofNames: Metrics;
  private readonly metrics: Readonly<Record<MetricName<F>, Metric>>;
  private readonly totals = new Map<MetricName<F>, number>();
  private readonly named = new Map<NamedMetricName, Map<string, number>>();
  private readonly listed: Readonly<Record<'log_service' | 'rule', ReadonlySet<string>>>;
  private writtenAt = Number.NEGATIVE_INFINITY;
  /** Said in the last line: what goes on being wrong waits for the next minute. */
  private wasWrong = false;

  /** @param hold milliseconds between two lines, unless something begins to be wrong; 0 for functions that are invoked now and then. */
  constructor(
    private readonly of: F,
    private readonly hold = 0,
    { services = [], rules = [] }: MetricsConfig = deployedConfig().metrics ?? {},
  ) {
    // Of each stage its own: the metrics of two would be added up, and ring each other's alarms.
    const namespace = process.env.POWERTOOLS_METRICS_NAMESPACE || 'Firesplit';
    this.emf = new Metrics({ namespace, serviceName: of });
    this.ofNames = new Metrics({ namespace, serviceName: of });
    this.metrics = metricsOf[of] as Readonly<Record<string, Metric>> as Readonly<Record<MetricName<F>, Metric>>;
    this.listed = { log_service: new Set(services), rule: new Set(rules) };
  }

  /** Adds to what the next line says; zero makes a metric that is always written appear. */
  add(name: MetricName<F>, value: number): void {
    const before = this.totals.get(name) ?? 0;
    this.totals.set(name, this.metrics[name].keeps === 'highest' ? Math.max(before, value) : before + value);
  }

  /** The same of one service or rule. */
  addFor(name: NamedMetricName, who: string, value: number): void {
    if (value === 0) return;
    const counts = this.named.get(name) ?? new Map<string, number>();
    this.named.set(name, counts.set(who, (counts.get(who) ?? 0) + value));
  }

  /** At the end of an invocation, whether it failed or not. */
  publish(now = Date.now()): void {
    const wrong = this.isSomethingWrong();
    if (now - this.writtenAt < this.hold && (!wrong || this.wasWrong)) return;
    this.writtenAt = now;
    this.wasWrong = wrong;
    this.writeNamed();
    this.writeTotals();
    this.totals.clear();
    this.named.clear();
  }

  /** For the handler. */
  get middleware(): MiddlewareObj {
    const publish = () => this.publish();
    return { after: publish, onError: publish };
  }

  private isSomethingWrong(): boolean {
    return [...this.totals].some(([name, value]) => value > 0 && this.metrics[name].written === 'wrong');
  }

  private writeTotals(): void {
    const more: Record<string, Numbers> = this.byRule();
    for (const [name, value] of this.totals) {
      const metric = this.metrics[name];
      if (metric.written === 'log') {
        if (value > 0) more[name] = value;
      } else if (metric.written === 'always' || value > 0) this.emf.addMetric(name, metric.unit, value);
    }
    if (this.emf.hasStoredMetrics()) {
      // A number of the line, whatever the type of metadata says: Logs Insights adds them up.
      for (const [name, value] of Object.entries(more)) this.emf.addMetadata(name, value as unknown as string);
      this.emf.publishStoredMetrics();
    } else if (Object.keys(more).length > 0 && process.env.POWERTOOLS_METRICS_DISABLED !== 'true') {
      console.log(JSON.stringify({ service: this.of, ...more }));
    }
  }

  /** The numbers of rules, listed or not. Those of services are what the tables tell. */
  private byRule(): Record<string, Numbers> {
    const byRule = [...this.named].filter(([name]) => namedMetrics[name].by === 'rule');
    if (byRule.length === 0) return {};
    return { by_rule: Object.fromEntries(byRule.map(([name, counts]) => [name, Object.fromEntries(mostOf(counts))])) };
  }

  /** A line for each service or rule that is listed, because dimensions hold for a whole line. */
  private writeNamed(): void {
    for (const [by, listed] of Object.entries(this.listed)) {
      for (const who of listed) {
        for (const [name, counts] of this.named) {
          const value = namedMetrics[name].by === by ? counts.get(who) : undefined;
          if (value !== undefined) this.ofNames.addMetric(name, 'Count', value);
        }
        if (this.ofNames.hasStoredMetrics()) this.ofNames.addDimension(by, dimensionValue(who)).publishStoredMetrics();
      }
    }
  }
}

function mostOf(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, maxNames);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html: ASCII, not blank, 1,024 characters. */
function dimensionValue(text: string): string {
  return (
    text
      .trim()
      .replace(/[^ -~]/g, '?')
      .slice(0, 1024) || 'unknown'
  );
}
