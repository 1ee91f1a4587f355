import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LinePolicy } from '../../shared/config/policy.js';
import type { ReadRecord } from '../../shared/record/read.js';
import type { PartitionGroup } from '../../shared/regroup/pool.js';
import type { PutBack } from '../../shared/regroup/putBack.js';
import type { SignalCollector } from '../../shared/rules/match.js';
import type { LogType } from '../../shared/schema/index.js';

/** CloudWatch metrics, written as EMF log lines: no call, no cost at run time. */
export const metrics = new Metrics({ namespace: 'Firesplit', serviceName: 'transform' });

/** What one invocation did, in numbers; never a payload. */
export class Counts {
  readonly lines: Record<LogType, number> = { access: 0, error: 0, app: 0 };
  blank = 0;
  putBack: PutBack = { records: 0, objects: 0 };

  /** @param byRule what the configuration's rules did, by their names */
  publish(
    records: readonly ReadRecord[],
    groups: readonly PartitionGroup[],
    matches: SignalCollector,
    byRule: ReturnType<LinePolicy['takeCounts']>,
  ): void {
    const bytesIn = records.reduce((sum, record) => sum + (record.kind === 'failed' ? 0 : record.bytes), 0);
    const bytesOut = groups.reduce((sum, group) => sum + group.bytes, 0);
    const failed = records.filter(({ kind }) => kind === 'failed').length;
    count('AccessLines', this.lines.access);
    count('ErrorLines', this.lines.error);
    count('AppLines', this.lines.app);
    count('BlankLines', this.blank);
    count('UndecodableRecords', failed);
    count('PutBackRecords', this.putBack.records);
    count('PutBackObjects', this.putBack.objects);
    count('RuleErrors', matches.errors);
    countByRule('RedactedValues', byRule.redacted);
    countByRule('DroppedLines', byRule.dropped);
    countByRule('SampledLines', byRule.sampled);
    metrics.addMetric('BytesIn', MetricUnit.Bytes, bytesIn);
    metrics.addMetric('BytesOut', MetricUnit.Bytes, bytesOut);
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

function count(name: string, value: number): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}

/** A metric line of its own for each rule, because dimensions hold for a whole line. */
function countByRule(name: string, counts: ReadonlyMap<string, number>): void {
  for (const [rule, value] of counts) {
    metrics.singleMetric().addDimension('rule', rule).addMetric(name, MetricUnit.Count, value);
  }
}
