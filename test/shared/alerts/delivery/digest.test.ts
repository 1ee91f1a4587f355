import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDigests, digestOf } from '../../../../shared/alerts/delivery/digest.js';
import type { Alert } from '../../../../shared/alerts/ports.js';
import type { Severity } from '../../../../shared/conditions/ruleSettings.js';
import { ownField } from '../../../../shared/signals/ownTimes.js';
import type { Group } from '../../../../shared/text/groupBy.js';
import { aRule, T0 } from '../../../helpers/alerts.js';

interface Told {
  readonly rule?: string;
  readonly key?: string;
  readonly count?: number;
  readonly at?: number;
  /** Its lines state that they are of so much later. */
  readonly off?: number | undefined;
  readonly kind?: 'firing' | 'resolved';
  readonly severity?: Severity;
}

function anAlert({
  rule = 'a-rule',
  key = 'pay',
  count = 1,
  at = 0,
  off,
  kind = 'firing',
  severity = 'warning',
}: Told): Alert {
  const samples = count === 0 ? [] : [{ ts: T0, service: 'pay', message: `${key} 😀`.padEnd(300, 'x') }];
  const notice = { kind, number: 1, suppressed: 0, measured: { type: 'match' }, labels: {}, samples } as const;
  const own = off === undefined || count === 0 ? undefined : { first: T0 + at + off, last: T0 + at + off + 5 };
  return {
    rule,
    key,
    settings: aRule({ name: rule, severity }),
    notice: { ...notice, count, first: T0 + at, last: T0 + at + 5, ...ownField(own) },
  };
}

const digest = (...told: Group<Told>) => digestOf(told.map(anAlert) as Group<Alert>);

describe('digestOf', () => {
  it('counts alerts and lines, rule by rule', () => {
    const sum = digest({ count: 3 }, { rule: 'other', count: 9, at: 100 }, { key: 'cart', count: 4, at: -50 });
    expect(sum).toMatchObject({ alerts: 3, lines: 16, first: T0 - 50, last: T0 + 105 });
    expect(sum.rules.map(({ rule, alerts, lines }) => [rule, alerts, lines])).toEqual([
      ['other', 1, 9],
      ['a-rule', 2, 7],
    ]);
    expect(sum.rules[1]?.keys.map(({ key, lines }) => [key, lines])).toEqual([
      ['cart', 4],
      ['pay', 3],
    ]);
    expect(sum).not.toHaveProperty('resolved');
  });

  it('names the five loudest keys of the twelve rules with the most lines, with a piece of a line', () => {
    const told = Array.from({ length: 300 }, (_, at) => ({ rule: `r${at % 20}`, key: `k${at}`, count: at + 1 }));
    const sum = digest(...(told as unknown as Group<Told>));
    expect(sum.rules).toHaveLength(20);
    expect(sum.rules.map(({ keys }) => keys.length)).toEqual([...Array(12).fill(5), ...Array(8).fill(0)]);
    expect(sum.rules[0]?.keys[0]?.sample).toHaveLength(100);
  });

  it('sorts rules by severity, then by lines, and puts last what is over', () => {
    const infos = Array.from({ length: 9 }, (_, at) => ({ rule: `info${at}`, severity: 'info', count: 99 }) as const);
    const sum = digest(
      { rule: 'done', severity: 'critical', kind: 'resolved', count: 500 },
      ...infos,
      { rule: 'few', count: 2 },
      { rule: 'many', count: 3 },
      { rule: 'fatal', severity: 'critical' },
    );
    const order = ['fatal', 'many', 'few', ...infos.map(({ rule }) => rule), 'done'];
    expect(sum.rules.map(({ rule }) => rule)).toEqual(order);
    expect(addDigests(sum, digest({ rule: 'few', count: 2 })).rules.map(({ rule }) => rule)).toEqual([
      ...order.slice(0, 1),
      'few',
      'many',
      ...order.slice(3),
    ]);
  });

  it('keeps the times by which lines are stored whose clock is off', () => {
    const sum = digest({ off: 600_000 }, { at: 7, off: -600_000 }, { at: 9 });
    expect(sum).toMatchObject({ first: T0, last: T0 + 14, own: { first: T0 + 7 - 600_000, last: T0 + 600_005 } });
    expect(digest({}, { at: 9 })).not.toHaveProperty('own');
  });

  it('counts what is over apart, and takes no times from what has no lines', () => {
    const sum = digest({ kind: 'resolved', count: 0, at: -9000 }, { count: 2 });
    expect(sum).toMatchObject({ alerts: 1, resolved: 1, lines: 2, first: T0, last: T0 + 5 });
    const one = { count: 1 } as const;
    const absent = { count: 0, at: -9000 } as const;
    for (const both of [digest(one, absent), digest(absent, one)])
      expect(both).toMatchObject({ alerts: 2, lines: 1, first: T0, last: T0 + 5 });
    const none = digest({ count: 0, at: 7 }, { count: 0, at: 3 });
    expect(none).toMatchObject({ alerts: 2, lines: 0, first: T0 + 3, last: T0 + 12 });
    expect(none).not.toHaveProperty('resolved');
  });
});

const aTold = fc.record({
  rule: fc.constantFrom('a', 'b', 'c'),
  key: fc.constantFrom('k', 'l', 'm', 'n'),
  count: fc.nat({ max: 50 }),
  at: fc.nat({ max: 1000 }),
  kind: fc.constantFrom<'firing' | 'resolved'>('firing', 'firing', 'resolved'),
  off: fc.constantFrom(undefined, undefined, 600_000, -600_000),
});
const someTold = fc.array(aTold, { minLength: 1, maxLength: 12 });

describe('addDigests', () => {
  it('comes to what the digest of all alerts comes to', () => {
    fc.assert(
      fc.property(someTold, someTold, (a, b) => {
        const parts = addDigests(digest(...(a as Group<Told>)), digest(...(b as Group<Told>)));
        const whole = digest(...([...a, ...b] as Group<Told>));
        const counts = ({ rules, ...sums }: typeof whole) => ({
          ...sums,
          rules: rules
            .map(({ rule, alerts, lines, keys }) => [
              rule,
              alerts,
              lines,
              Object.fromEntries(keys.map((k) => [k.key, k.lines])),
            ])
            .sort(),
        });
        expect(counts(parts)).toEqual(counts(whole));
      }),
    );
  });
});
