import { createHash } from 'node:crypto';
import { alertTerms } from '../alerts/consider.js';
import type { AlertPorts } from '../alerts/ports.js';
import type { RuleBook } from '../alerts/ruleBook.js';
import { type AlertState, endAt } from '../alerts/state/decide.js';
import { alertId } from '../alerts/state/ids.js';
import { update } from '../alerts/state/update.js';
import { bucketWidth } from '../conditions/window.js';
import type { Rule } from '../rules/language/rule.js';
import { joinKey } from '../signals/alertKey.js';
import type { SignalBatch } from '../signals/signal.js';
import { alarmRuleName } from './alarmRules.js';

/** An alarm of the deployment rings, or is over. */
export interface AlarmChange {
  /** Of the event: the same when it is delivered again, and to whom else it is delivered. */
  readonly id: string;
  /** Its name in the list of alarms. */
  readonly alarm: string;
  readonly rule: Rule;
  readonly state: 'ALARM' | 'OK';
  /** When it changed, ms since the epoch. */
  readonly at: number;
  /** The numbers that it went by. */
  readonly reason: string;
}

const detailType = 'CloudWatch Alarm State Change';

/** Whether a text may be such an event: cheap, for a queue where hardly any is. */
export function mayBeAlarmEvent(text: string): boolean {
  return text.includes(detailType);
}

/**
 * What an event of CloudWatch says of an alarm: undefined when it is no such event, and `foreign` when the alarm is none of ours, as one of
 * a stage whose name begins like that of this one.
 *
 * @param prefix of the alarms' names
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function readAlarmEvent(event: unknown, prefix: string, book: RuleBook): AlarmChange | 'foreign' | undefined {
  const { id, time, detail, 'detail-type': type } = (event ?? {}) as Partial<AlarmEvent>;
  if (type !== detailType || id === undefined || time === undefined || detail === undefined) return undefined;
  const { alarmName, state } = detail;
  const alarm = alarmName.slice(prefix.length);
  const rule = alarmName.startsWith(prefix) ? book.find(alarmRuleName(alarm)) : undefined;
  if (rule === undefined || (state.value !== 'ALARM' && state.value !== 'OK')) return 'foreign';
  return { id, alarm, rule, state: state.value, at: Date.parse(state.timestamp ?? time), reason: state.reason ?? '' };
}

interface AlarmEvent {
  readonly id: string;
  readonly time: string;
  readonly 'detail-type': string;
  readonly detail: {
    readonly alarmName: string;
    /** Its own time is to the millisecond, that of the event to the second. */
    readonly state: { readonly value: string; readonly reason?: string; readonly timestamp?: string };
  };
}

/** That an alarm rings, as a batch that is told once, whoever counts it first. */
export function alarmBatch({ id, alarm, rule, at, reason }: AlarmChange): SignalBatch {
  const width = bucketWidth(rule);
  return {
    version: 1,
    id: createHash('sha256').update(id).digest('hex'),
    messages: 1,
    signals: [
      {
        rule: rule.name,
        key: joinKey([alarm]),
        labels: { alarm },
        bucket: Math.floor(at / width) * width,
        count: 1,
        first: at,
        last: at,
        samples: [{ ts: at, service: 'cloudwatch', message: reason }],
      },
    ],
  };
}

/** Has the next sweep tell that an alarm is over: `endAt`. */
export async function endAlarm(
  { alarm, rule, at }: AlarmChange,
  { store, clock }: Pick<AlertPorts, 'store' | 'clock'>,
) {
  const id = alertId({ rule: rule.name, key: joinKey([alarm]) });
  await update<AlertState, void>(store, id, (state, stored) => {
    const now = clock.now();
    const value = endAt(at, state, rule, { alarm }, now);
    return { next: value && { value, terms: alertTerms(value, rule, now, stored) }, result: undefined };
  });
}
