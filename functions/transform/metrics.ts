import type { LogType } from '../../shared/line/schema/index.js';
import type { NamedMetricName } from '../../shared/metrics/catalogue.js';
import type { PartitionGroup } from '../../shared/partitions/pool.js';
import type { PutBack } from '../../shared/partitions/putBack.js';
import type { ReadRecord } from '../../shared/record/read.js';
import { clockRule } from '../../shared/rules/clockRule.js';
import { streamRule } from '../../shared/rules/streamRule.js';
import type { RuleFailure, Signal, SignalBatch } from '../../shared/signals/signal.js';
import { groupBy } from '../../shared/text/groupBy.js';
import type { LinePolicy } from '../../shared/treatment/policy.js';
import { FunctionMetrics, metricsHold } from '../adapters/functionMetrics.js';
import { LineCounts } from './lineCounts.js';
import { RouterCounts } from './routerCounts.js';

export const metrics = new FunctionMetrics('transform', metricsHold);

const lineMetrics = { access: 'AccessLines', error: 'ErrorLines', app: 'AppLines' } as const satisfies Record<
  LogType,
  string
>;

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
    for (const [type, lines] of Object.entries(this.lines.totals())) metrics.add(lineMetrics[type as LogType], lines);
    metrics.add('LinesIn', this.linesIn - this.routers.canaries);
    metrics.add('LaneLines', this.byLane);
    metrics.add('JoinedLines', this.joined);
    metrics.add('BlankLines', this.blank);
    metrics.add('UnparsedLines', treated.unparsed);
    metrics.add('UndecodableRecords', failed);
    metrics.add('PutBackRecords', this.putBack.records);
    metrics.add('PutBackObjects', this.putBack.objects);
    metrics.add('Signals', matched.signals.length);
    countByRule('MatchedLines', countsOf(matched.signals.filter(({ rule }) => !ownRules.has(rule))));
    metrics.add('RuleErrors', totalOf(matched.failures));
    countByRule('RuleErrors', countsOf(matched.failures));
    countByRule('RedactedValues', treated.redacted);
    countByRule('DroppedLines', treated.dropped);
    countByRule('SampledLines', treated.sampled);
    countByService(this.lines.byService());
    metrics.add('BytesIn', bytesIn);
    metrics.add('BytesOut', bytesOut);
    publishRouters(this.routers, Date.now());
    metrics.add('LowMemory', isMemoryLow() ? 1 : 0);
  }
}

/** What Lambda ends a process for is its resident memory. On a laptop nothing is said of how much there is. */
function isMemoryLow(): boolean {
  const limit = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? Number.POSITIVE_INFINITY) * 1024 * 1024;
  return process.memoryUsage.rss() > (7 / 8) * limit;
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
  metrics.add('CanaryLines', routers.canaries);
  metrics.add('RouterLines', routers.lines);
  metrics.add('RouterRetries', routers.retries);
  metrics.add('RouterDroppedLines', routers.dropped);
  metrics.add('RouterPausedInputs', routers.paused);
  metrics.add('RouterDiskBytes', routers.mostDiskBytes);
  const lag = routers.lagAt(now);
  if (lag !== undefined) metrics.add('CanaryLag', lag);
}

function countByService(services: ReturnType<LineCounts['byService']>): void {
  for (const [service, lines] of services) {
    for (const [type, value] of Object.entries(lines)) metrics.addFor(lineMetrics[type as LogType], service, value);
  }
}

function totalOf(counted: readonly { readonly count: number }[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}

/** By rule; one that counted nothing is absent. */
function countsOf(counted: readonly { readonly rule: string; readonly count: number }[]): Map<string, number> {
  const rules = [...groupBy(counted, ({ rule }) => rule)].map(([rule, ofRule]) => [rule, totalOf(ofRule)] as const);
  return new Map(rules.filter(([, total]) => total > 0));
}

function countByRule(name: NamedMetricName, counts: ReadonlyMap<string, number>): void {
  for (const [rule, value] of counts) metrics.addFor(name, rule, value);
}
