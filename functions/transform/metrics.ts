import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LogType } from '../../shared/line/schema/index.js';
import type { PartitionGroup } from '../../shared/partitions/pool.js';
import type { PutBack } from '../../shared/partitions/putBack.js';
import type { ReadRecord } from '../../shared/record/read.js';
import { clockRule } from '../../shared/rules/clockRule.js';
import { streamRule } from '../../shared/rules/streamRule.js';
import type { RuleFailure, Signal, SignalBatch } from '../../shared/signals/signal.js';
import { groupBy } from '../../shared/text/groupBy.js';
import type { LinePolicy } from '../../shared/treatment/policy.js';
import { LineCounts, type LinesByType } from './lineCounts.js';
import { RouterCounts } from './routerCounts.js';

/** CloudWatch metrics, written as EMF log lines: no call, no cost at run time. docs/metrics.md explains each. */
export const metrics = new Metrics({ namespace: 'Firesplit', serviceName: 'transform' });
const serviceMetrics = new Metrics({ namespace: 'Firesplit', serviceName: 'transform' });

const lineMetrics: Readonly<Record<LogType, string>> = { access: 'AccessLines', error: 'ErrorLines', app: 'AppLines' };

/** What one invocation did, in numbers; never a payload. */
export class Counts {
  readonly lines = new LineCounts();
  blank = 0;
  /** Lines that a lane has read, see shared/lanes. */
  byLane = 0;
  /** Lines that are part of the row of a line before them. */
  joined = 0;
  /** Lines of all records, each as its collector sent it. */
  linesIn = 0;
  readonly routers = new RouterCounts();
  putBack: PutBack = { records: 0, objects: 0 };

  /**
   * @param matched what the rules made of the lines
   * @param treated what the configuration did to the lines
   */
  publish(
    records: readonly ReadRecord[],
    groups: readonly PartitionGroup[],
    matched: { readonly signals: readonly Signal[]; readonly failures: readonly RuleFailure[] },
    treated: ReturnType<LinePolicy['takeCounts']>,
  ): void {
    const bytesIn = records.reduce((sum, record) => sum + (record.kind === 'failed' ? 0 : record.bytes), 0);
    const bytesOut = groups.reduce((sum, group) => sum + group.bytes, 0);
    const failed = records.filter(({ kind }) => kind === 'failed').length;
    for (const [type, lines] of Object.entries(this.lines.totals())) count(lineMetrics[type as LogType], lines);
    count('LinesIn', this.linesIn - this.routers.canaries);
    count('LaneLines', this.byLane);
    count('JoinedLines', this.joined);
    count('BlankLines', this.blank);
    count('UnparsedLines', treated.unparsed);
    count('UndecodableRecords', failed);
    count('PutBackRecords', this.putBack.records);
    count('PutBackObjects', this.putBack.objects);
    count('Signals', matched.signals.length);
    countByRule('MatchedLines', countsOf(matched.signals.filter(({ rule }) => !ownRules.has(rule))));
    count('RuleErrors', totalOf(matched.failures));
    countByRule('RuleErrors', countsOf(matched.failures));
    countByRule('RedactedValues', treated.redacted);
    countByRule('DroppedLines', treated.dropped);
    countByRule('SampledLines', treated.sampled);
    countByService(this.lines.byService());
    metrics.addMetric('BytesIn', MetricUnit.Bytes, bytesIn);
    metrics.addMetric('BytesOut', MetricUnit.Bytes, bytesOut);
    publishRouters(this.routers, Date.now());
  }
}

/** Names the records that end under `failed/` and why, without showing what is in them. */
export function warnOfFailed(records: readonly ReadRecord[]): void {
  const failed = records.filter((record) => record.kind === 'failed');
  for (const { recordId, reason } of failed.slice(0, maxWarnings)) {
    console.warn(
      JSON.stringify({
        level: 'warn',
        message: 'a record could not be read; Firehose keeps it under failed/',
        recordId,
        reason,
      }),
    );
  }
  if (failed.length > maxWarnings) {
    console.warn(
      JSON.stringify({ level: 'warn', message: `${failed.length - maxWarnings} more records could not be read` }),
    );
  }
}

const maxWarnings = 10;

/** Their lines match no rule that anybody wrote. */
const ownRules: ReadonlySet<string> = new Set([streamRule.name, clockRule.name]);

export function warnOfRefused(batch: SignalBatch, error: unknown): void {
  console.warn(
    JSON.stringify({
      level: 'warn',
      message: 'the signal queue refused a batch; it is kept in the bucket under signals/',
      batch: batch.id,
      error: String(error),
    }),
  );
}

/** Nothing without a canary: a zero would be a metric to pay for. */
function publishRouters(routers: RouterCounts, now: number): void {
  if (routers.canaries === 0) return;
  count('CanaryLines', routers.canaries);
  count('RouterLines', routers.lines);
  count('RouterRetries', routers.retries);
  count('RouterDroppedLines', routers.dropped);
  count('RouterPausedInputs', routers.paused);
  metrics.addMetric('RouterDiskBytes', MetricUnit.Bytes, routers.mostDiskBytes);
  const lag = routers.lagAt(now);
  if (lag !== undefined) metrics.addMetric('CanaryLag', MetricUnit.Milliseconds, lag);
}

function count(name: string, value: number): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}

/**
 * One metric line for each service. Its dimension is not called `service`, under which Powertools names the function.
 */
function countByService(services: ReadonlyMap<string, LinesByType>): void {
  for (const [service, lines] of services) {
    const counts = Object.entries(lines).filter(([, value]) => value > 0);
    // An absent metric is one that CloudWatch does not bill.
    for (const [type, value] of counts) serviceMetrics.addMetric(lineMetrics[type as LogType], MetricUnit.Count, value);
    serviceMetrics.addDimension('log_service', dimensionValue(service)).publishStoredMetrics();
  }
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

function totalOf(counted: readonly { readonly count: number }[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}

/** By rule; one that counted nothing is absent. */
function countsOf(counted: readonly { readonly rule: string; readonly count: number }[]): Map<string, number> {
  const rules = [...groupBy(counted, ({ rule }) => rule)].map(([rule, ofRule]) => [rule, totalOf(ofRule)] as const);
  return new Map(rules.filter(([, total]) => total > 0));
}

/** A metric line of its own for each rule, because dimensions hold for a whole line. */
function countByRule(name: string, counts: ReadonlyMap<string, number>): void {
  for (const [rule, value] of counts) {
    metrics.singleMetric().addDimension('rule', rule).addMetric(name, MetricUnit.Count, value);
  }
}
