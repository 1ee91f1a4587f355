import { describe, expect, it } from '@jest/globals';
import { messagesPerMinute, operationsRoute, routeOf } from '../../../shared/alerts/routing.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';

const config: AlertsConfig = {
  routes: { critical: 'oncall', warning: 'team' },
  operations_route: 'operations',
  messages_per_minute: 10,
};

describe('routeOf', () => {
  it.each([
    ['the rule’s own', { route: 'payments', severity: 'critical' }, config, 'payments'],
    ['that of its severity', { severity: 'critical' }, config, 'oncall'],
    ['the default for a severity that has none', { severity: 'info' }, config, 'default'],
    ['the default without a configuration', { severity: 'critical' }, undefined, 'default'],
  ] as const)('is %s', (_name, rule, alerts, expected) => {
    expect(routeOf(rule, alerts)).toBe(expected);
  });
});

describe('the other settings', () => {
  it('are as stated', () => {
    expect([operationsRoute(config), messagesPerMinute(config)]).toEqual(['operations', 10]);
  });

  it('have defaults', () => {
    expect([operationsRoute({}), messagesPerMinute()]).toEqual(['default', 5]);
  });
});
