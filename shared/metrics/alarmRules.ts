import { operationsRoute } from '../alerts/routing.js';
import type { AlertsConfig } from '../rules/language/alertsConfig.js';
import type { Rule } from '../rules/language/rule.js';
import { toLink } from '../rules/language/statedRule.js';
import { alarms } from './alarms.js';

const [MINUTE, DAY] = [60_000, 86_400_000];

/** Rules about the alarms of CloudWatch, one each: `alarmBatch` makes their signals. No rule of a file has a colon in its name. */
export function alarmRules(config: AlertsConfig = {}): Rule[] {
  return alarms.map(({ name, says }) => ({
    name: alarmRuleName(name),
    type: 'match',
    on: [],
    where: {},
    by: ['alarm'],
    severity: 'warning',
    route: operationsRoute(config),
    title: `Alarm ${name}`,
    text: says,
    runbook: toLink(`docs/alarms/${name}.md`, config.runbook_base),
    lateness: 5 * MINUTE,
    cooldown: 15 * MINUTE,
    maxCooldown: 15 * MINUTE,
    // CloudWatch says when it is over (`endAlarm`): never because nothing more comes.
    ofStateChanges: true,
    resolveAfter: 365 * DAY,
    unlessFiring: [],
    mute: [],
    mode: 'live',
  }));
}

/** @param alarm its name in the list of alarms */
export function alarmRuleName(alarm: string): string {
  return `firesplit:alarm-${alarm}`;
}
