import { prices } from '../prices.js';
import { groupBy } from '../text/groupBy.js';
import { allMetrics, type MetricsConfig, namedMetrics } from './catalogue.js';

/** What metrics cost a month, in dollars. CloudWatch bills by the hour, so less where a number is zero in most of them. */
export interface MetricsCost {
  /** While nothing is wrong: the metrics that are always written, and those of forwarding if there is any. */
  readonly usual: number;
  /** When each metric that is on for everybody is written in each hour of the month. */
  readonly most: number;
  /** On top of it, those of the services and rules that are listed, when each has all of its numbers. */
  readonly listed: number;
}

export function metricsCost({ services = [], rules = [] }: MetricsConfig = {}): MetricsCost {
  const metrics = allMetrics().filter(({ written }) => written !== 'log');
  const usual = metrics.filter(({ written }) => written === 'always' || written === 'some');
  const listed = services.length * mostOf('log_service') + rules.length * mostOf('rule');
  const dollars = (count: number) => count * prices.cloudwatchPerMetric;
  return { usual: dollars(usual.length), most: dollars(metrics.length), listed: dollars(listed) };
}

/** Metrics of one listed service or rule. A rule is of one kind. */
function mostOf(by: 'log_service' | 'rule'): number {
  const named = Object.values(namedMetrics).filter((metric) => metric.by === by);
  return Math.max(...[...groupBy(named, ({ whose }) => whose).values()].map(({ length }) => length));
}
