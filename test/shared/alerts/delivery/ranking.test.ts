import { expect, it } from '@jest/globals';
import { ranked } from '../../../../shared/alerts/delivery/ranking.js';
import type { Alert } from '../../../../shared/alerts/ports.js';
import type { Severity } from '../../../../shared/conditions/ruleSettings.js';
import { aRule, T0 } from '../../../helpers/alerts.js';

function anAlert(
  rule: string,
  severity: Severity,
  key: string,
  count: number,
  kind: 'firing' | 'resolved' = 'firing',
): Alert {
  const span = { count, first: T0, last: T0 };
  const notice = {
    kind,
    number: 1,
    suppressed: 0,
    measured: { type: 'match' },
    labels: {},
    samples: [],
    ...span,
  } as const;
  return { rule, key, settings: aRule({ name: rule, severity }), notice };
}

it('ranks critical alerts before all others, then the loudest of each rule before any second one, then by severity and lines', () => {
  const alerts = [
    anAlert('quiet', 'info', 'a', 999),
    anAlert('new', 'warning', 'b', 1),
    anAlert('new', 'warning', 'c', 7),
    anAlert('new', 'warning', 'd', 3),
    anAlert('fatal', 'critical', 'e', 1),
    anAlert('fatal', 'critical', 'f', 2),
    anAlert('done', 'critical', 'g', 50, 'resolved'),
  ];
  expect(ranked(alerts).map(({ key }) => key)).toEqual(['f', 'e', 'c', 'a', 'g', 'd', 'b']);
});

it('ranks alike alerts by rule and key, whatever order they came in', () => {
  const alike = [anAlert('b', 'info', 'x', 1), anAlert('a', 'info', 'z', 1), anAlert('a', 'info', 'y', 1)];
  const names = ['a y', 'b x', 'a z'];
  for (const order of [alike, [...alike].reverse()]) {
    expect(ranked(order).map(({ rule, key }) => `${rule} ${key}`)).toEqual(names);
  }
});

it('leaves what it is given as it is', () => {
  const alerts = [anAlert('new', 'warning', 'b', 1), anAlert('new', 'warning', 'c', 7)];
  ranked(alerts);
  expect(alerts.map(({ key }) => key)).toEqual(['b', 'c']);
});
