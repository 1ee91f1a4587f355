import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { AlertOutcome } from '../../shared/alerts/raise.js';
import type { SignalBatch } from '../../shared/signals.js';

/** CloudWatch metrics, written as EMF log lines: no call, no cost at run time. */
export const metrics = new Metrics({ namespace: 'Firesplit', serviceName: 'alert' });

const metricOf = {
  notified: 'AlertsNotified',
  suppressed: 'AlertsSuppressed',
  'already counted': 'AlertsAlreadyCounted',
  'unknown rule': 'AlertsOfUnknownRules',
  undelivered: 'AlertsUndelivered',
  refused: 'AlertsRefused',
} as const satisfies Record<AlertOutcome['outcome'], string>;

/** Counts what became of a batch and logs what somebody may have to look at; false when it must be delivered again. */
export function reportOutcomes(batch: SignalBatch, outcomes: readonly AlertOutcome[]): boolean {
  let done = true;
  for (const each of outcomes) {
    metrics.addMetric(metricOf[each.outcome], MetricUnit.Count, 1);
    switch (each.outcome) {
      case 'unknown rule':
        log(
          'warn',
          'matches of a rule that this function does not have were dropped; deploy both functions with the same rules',
          {
            batch: batch.id,
            rule: each.rule,
            count: each.count,
          },
        );
        break;
      case 'undelivered':
        done = false;
        log('warn', 'an alert was not posted; SQS will deliver it again', {
          batch: batch.id,
          ...each.id,
          reason: each.reason,
        });
        break;
      case 'refused':
        done = false;
        log('error', 'an alert was refused, and will be until somebody acts; it ends in the dead-letter queue', {
          batch: batch.id,
          ...each.id,
          reason: each.reason,
        });
        break;
    }
  }
  return done;
}

/** A message that is not a signal batch. Its text is not shown: it may hold anything. */
export function reportUnreadable(messageId: string, error: unknown): void {
  metrics.addMetric('UnreadableBatches', MetricUnit.Count, 1);
  const reason = error instanceof Error ? error.message : String(error);
  log('error', 'a message of the signal queue could not be read; it ends in the dead-letter queue', {
    messageId,
    reason,
  });
}

function log(level: 'warn' | 'error', message: string, details: Readonly<Record<string, unknown>>): void {
  console[level](JSON.stringify({ level, message, ...details }));
}
