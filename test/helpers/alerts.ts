import type { Rule } from '../../shared/rules/rule.js';
import type { Signal } from '../../shared/signals.js';

export const MINUTE = 60_000;

/** A whole minute: 2026-11-22 16:03:00 UTC. */
export const T0 = Date.UTC(2026, 10, 22, 16, 3);

/** A rule that matches every row of level error, or whatever the test changes it to. */
export function aRule(changes: Partial<Rule>): Rule {
  return {
    name: 'a-rule',
    type: 'match',
    on: ['error', 'app'],
    where: { ts: { exists: true } },
    by: ['service'],
    severity: 'warning',
    title: 'Something is wrong in {service}',
    cooldown: 15 * MINUTE,
    ...changes,
  };
}

export function aSignal(changes: Partial<Signal>): Signal {
  return {
    rule: 'a-rule',
    key: 'pay',
    labels: { service: 'pay' },
    minute: T0,
    count: 1,
    first: T0 + 1000,
    last: T0 + 2000,
    samples: [{ ts: T0 + 1000, service: 'pay', level: 'error', message: 'card declined' }],
    ...changes,
  };
}
