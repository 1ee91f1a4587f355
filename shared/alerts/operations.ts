import { bucketWidth } from '../conditions/window.js';
import { clockRule } from '../rules/clockRule.js';
import type { AlertsConfig } from '../rules/language/alertsConfig.js';
import type { Rule } from '../rules/language/rule.js';
import { toLink } from '../rules/language/statedRule.js';
import { streamRule } from '../rules/streamRule.js';
import { weeklyCostRule } from '../rules/weeklyCostRule.js';
import { joinKey } from '../signals/alertKey.js';
import type { RuleFailure, Signal } from '../signals/signal.js';
import { operationsRoute } from './routing.js';

/** No rule of a file is called this: their names hold no colon. */
const ruleFailed = 'firesplit:rule-failed';

const HOUR = 3_600_000;

/**
 * Rules about Firesplit itself: `failureSignals` makes the signals of the first, the transform those of the next, and functions/cost
 * those of the last, while anybody is to hear of it.
 */
export function operationsRules(config: AlertsConfig): Rule[] {
  const { runbook_base: base, weekly_cost_route: costRoute } = config;
  const rules: Rule[] = [
    {
      name: ruleFailed,
      type: 'match',
      on: [],
      where: {},
      by: ['failed_rule'],
      severity: 'warning',
      route: operationsRoute(config),
      title: 'Alert rule {failed_rule} fails',
      text: 'It is passed over for the lines that it fails on, so what it looks for may go unnoticed. All lines are stored, and all other rules apply to them.',
      cooldown: HOUR,
      maxCooldown: HOUR,
      unlessFiring: [],
      mute: [],
      mode: 'live',
      lateness: 2 * HOUR,
    },
    { ...streamRule, route: operationsRoute(config) },
    { ...clockRule, route: operationsRoute(config) },
    ...(costRoute === undefined ? [] : [{ ...weeklyCostRule, route: costRoute }]),
  ];
  return rules.map((rule) => (rule.runbook === undefined ? rule : { ...rule, runbook: toLink(rule.runbook, base) }));
}

/** The failures of a batch, as signals of the rule about them. */
export function failureSignals(failures: readonly RuleFailure[], now: number): Signal[] {
  const [rule] = operationsRules({}) as [Rule];
  const width = bucketWidth(rule);
  return failures.map(({ rule: failed, count, reason }) => ({
    rule: ruleFailed,
    key: joinKey([failed]),
    labels: { failed_rule: failed },
    bucket: Math.floor(now / width) * width,
    count,
    first: now,
    last: now,
    samples: [{ ts: now, service: 'firesplit', message: reason }],
  }));
}
