import type { AlertPorts } from '../../shared/alerts/ports.js';
import { raiseAlerts } from '../../shared/alerts/raise.js';
import { type AlarmChange, alarmBatch, endAlarm, readAlarmEvent } from '../../shared/metrics/alarmChange.js';
import { required } from '../adapters/environment.js';
import { book } from './environment.js';
import { reportOutcomes } from './report.js';

/** `ALARM_PREFIX`: how the names of this deployment's alarms begin. */
const prefix = required('ALARM_PREFIX');

/** What an event says of an alarm of this deployment. */
export function alarmChange(event: unknown): AlarmChange | 'foreign' | undefined {
  return readAlarmEvent(event, prefix, book);
}

/** Tells the operations route that an alarm rings, or has the sweep tell that it is over. */
export async function tellAlarm(change: AlarmChange, ports: AlertPorts): Promise<void> {
  if (change.state === 'OK') await endAlarm(change, ports);
  else reportOutcomes(await raiseAlerts(alarmBatch(change), book, ports), { alarm: change.rule.name });
}
