import type { SQSRecord } from 'aws-lambda';
import type { AlertPorts } from '../../shared/alerts/ports.js';
import { type AlarmChange, alarmBatch, endAlarm, mayBeAlarmEvent } from '../../shared/metrics/alarmChange.js';
import { readBatch } from '../../shared/signals/batchText.js';
import type { SignalBatch } from '../../shared/signals/signal.js';
import { alarmChange } from './alarms.js';
import { log, metrics } from './report.js';

/** What a message holds: nothing when it is about an alarm of another stage. */
interface Content {
  readonly batch?: SignalBatch;
  /** An alarm that is over. */
  readonly over?: AlarmChange;
}

/**
 * Reads the transform's signal batches and CloudWatch's alarms. Undefined for what is neither. Its text is not shown: it may hold
 * anything.
 */
export function readMessage({ messageId, body }: SQSRecord): Content | undefined {
  try {
    const change = mayBeAlarmEvent(body) ? alarmChange(JSON.parse(body)) : undefined;
    if (change === 'foreign') return {};
    if (change) return change.state === 'ALARM' ? { batch: alarmBatch(change) } : { over: change };
    return { batch: readBatch(body) };
  } catch (error) {
    metrics.add('UnreadableBatches', 1);
    const reason = error instanceof Error ? error.message : String(error);
    const message = 'a message of the signal queue could not be read; it ends in the dead-letter queue';
    log('error', message, { messageId, reason });
    return undefined;
  }
}

/** Has an alarm that is over told. @returns whether that is done */
export async function ended(over: AlarmChange, ports: AlertPorts): Promise<boolean> {
  try {
    await endAlarm(over, ports);
    return true;
  } catch (error) {
    const message = 'that an alarm is over could not be noted; it is tried again';
    log('warn', message, { rule: over.rule.name, reason: String(error) });
    return false;
  }
}
