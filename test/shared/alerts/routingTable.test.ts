import { describe, expect, it } from '@jest/globals';
import { routingTable } from '../../../shared/alerts/routingTable.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';
import { aRule } from '../../helpers/alerts.js';

const config: AlertsConfig = {
  routes: {
    critical: 'oncall',
    office: { mute: 'daily 18:00-09:00 Europe/Berlin', fallback: 'oncall' },
    closed: {
      mute: ['daily 18:00-09:00 Europe/Berlin'],
      mute_critical: true,
      fallback: 'oncall',
      fallback_after: '90s',
    },
  },
  routing: [
    { match: { service: 'pay*', severity: 'critical' }, route: ['pay-oncall', 'oncall'] },
    { match: { rule: 'audit-*' }, route: 'audit', continue: true },
    { during: 'mon-fri 09:00-18:00 Europe/Berlin', route: 'office' },
  ],
};
const table = routingTable(config);
/** Europe/Berlin is an hour ahead of UTC in November. */
const [tuesday, evening] = [Date.UTC(2026, 10, 24, 8, 0), Date.UTC(2026, 10, 24, 17, 0)];

describe('routesOf', () => {
  it.each([
    ['the first entry that fits', { severity: 'critical' }, { service: 'pay-api' }, tuesday, ['pay-oncall', 'oncall']],
    ['those of an entry with a time', { severity: 'warning' }, { service: 'pay-api' }, tuesday, ['office']],
    ['by severity outside that time', { severity: 'critical' }, { service: 'web' }, evening, ['oncall']],
    ['the default after all', { severity: 'warning' }, { service: 'web' }, evening, ['default']],
    ['those of further entries', { name: 'audit-log' }, { service: 'web' }, tuesday, ['audit', 'office']],
    ['one that goes on, alone', { name: 'audit-log' }, { service: 'web' }, evening, ['audit']],
    ['none for a label that the key lacks', { severity: 'critical' }, { client_ip: '10.0.0.1' }, evening, ['oncall']],
    ['those of the rule before all', { route: 'own', severity: 'critical' }, { service: 'pay' }, tuesday, ['own']],
  ] as const)('are %s', (_name, changes, labels, now, expected) => {
    expect(table.routesOf(aRule(changes), labels, now)).toEqual(expected);
  });
});

describe('mutedUntil', () => {
  it('is when the time ends, and not for critical alerts unless that is stated', () => {
    const morning = Date.UTC(2026, 10, 25, 8, 0);
    expect(table.mutedUntil('office', 'warning', evening)).toBe(morning);
    expect(table.mutedUntil('office', 'warning', morning)).toBeUndefined();
    expect(table.mutedUntil('office', 'critical', evening)).toBeUndefined();
    expect(table.mutedUntil('closed', 'critical', evening)).toBe(morning);
    expect(table.mutedUntil('oncall', 'info', evening)).toBeUndefined();
  });
});

describe('fallbackOf', () => {
  it('is the stated route, after five minutes unless stated otherwise', () => {
    expect(table.fallbackOf('office')).toEqual({ route: 'oncall', after: 300_000 });
    expect(table.fallbackOf('closed')).toEqual({ route: 'oncall', after: 90_000 });
    expect(table.fallbackOf('oncall')).toBeUndefined();
  });
});
