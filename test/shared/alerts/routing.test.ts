import { describe, expect, it } from '@jest/globals';
import { messagesPerMinute, operationsRoute, routeSettings, routesOf } from '../../../shared/alerts/routing.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';

const config: AlertsConfig = {
  routes: { critical: ['oncall', 'team'], warning: 'team', hook: { webhook: 'https://example.com' } },
  operations_route: 'operations',
  messages_per_minute: 10,
};

describe('routesOf', () => {
  it.each([
    ['the rule’s own', { route: 'payments', severity: 'critical' }, config, ['payments']],
    ['all of the rule’s own, each once', { route: ['a', 'b', 'a'], severity: 'info' }, config, ['a', 'b']],
    ['those of its severity', { severity: 'critical' }, config, ['oncall', 'team']],
    ['the one of its severity', { severity: 'warning' }, config, ['team']],
    ['the default for a severity that has none', { severity: 'info' }, config, ['default']],
    ['the default without a configuration', { severity: 'critical' }, undefined, ['default']],
  ] as const)('are %s', (_name, rule, alerts, expected) => {
    expect(routesOf(rule, alerts)).toEqual(expected);
  });
});

describe('routeSettings', () => {
  it('are those of a route, and none of a severity', () => {
    expect(routeSettings('hook', config)).toEqual({ webhook: 'https://example.com' });
    expect(['critical', 'warning', 'other'].map((route) => routeSettings(route, config))).toEqual(
      Array(3).fill(undefined),
    );
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
