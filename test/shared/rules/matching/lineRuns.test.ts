import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EntryRow, LogType } from '../../../../shared/line/schema/index.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { compileRules } from '../../../../shared/rules/matching/match.js';
import type { Where } from '../../../../shared/where/clause.js';
import { aRule, MINUTE, T0 } from '../../../helpers/alerts.js';

const everyLine: Where = { ts: { exists: true } };

/** The same rules, but for a look at each line's time, so that they see every line. */
function lookingAt(rules: readonly Rule[]): Rule[] {
  return rules.map((rule) => ({ ...rule, where: { all: [rule.where, everyLine] } }));
}

function collect(rules: readonly Rule[], lines: readonly (readonly [LogType, EntryRow])[]) {
  const collector = compileRules(rules, { asStream: false }).collector();
  for (const [type, row] of lines) collector.observe(type, row);
  const place = ({ rule, key, bucket }: { rule: string; key: string; bucket: number }) => `${rule} ${key} ${bucket}`;
  // What was added up is told once, whoever asks first.
  const failures = collector.failures();
  const signals = collector.signals().sort((a, b) => (place(a) < place(b) ? -1 : 1));
  return { signals, failures };
}

const silent = (name: string, where: Where, by: readonly string[], window: number, on: readonly LogType[]): Rule =>
  aRule({ name, type: 'absence', where, by, window, on: [...on] });

describe('rules that only ask where a line comes from', () => {
  it('count lines that come together, whatever the order of their times', () => {
    const rule = silent('a-rule', { source: { regex: 'std' } }, ['service'], 10 * MINUTE, ['app']);
    const lines = [7, 3, 9].map((ts) => ['app', { ts: T0 + ts, service: 'pay', source: 'stdout' }] as const);
    const { signals } = collect([rule], lines);
    expect(signals).toMatchObject([{ key: 'pay', count: 3, first: T0 + 3, last: T0 + 9, samples: [] }]);
  });

  it('count lines apart whose times are in different minutes or that come from elsewhere', () => {
    const rule = silent('a-rule', {}, ['service', 'task', 'source', 'cluster'], MINUTE, ['app']);
    const line = { ts: T0, service: 'pay', task: 't', source: 'stdout', cluster: 'c' };
    const others = [{ service: 'web' }, { task: 'u' }, { source: 'stderr' }, { cluster: 'd' }, { ts: T0 + MINUTE }];
    for (const other of others) {
      const { signals } = collect(
        [rule],
        [line, { ...line, ...other }, line].map((row) => ['app', row] as const),
      );
      expect(signals.map(({ count }) => count).sort()).toEqual([1, 2]);
    }
  });

  it('give the same signals as when they look at each line', () => {
    const rules = [
      silent('services', { service: { not: { regex: 'job' } } }, ['service'], 15 * MINUTE, ['error', 'app']),
      silent('tasks', { source: ['stdout', 'stderr'] }, ['task', 'cluster'], MINUTE, ['app', 'access']),
      silent('anything', {}, [], 5 * MINUTE, ['error', 'app', 'access']),
    ];
    const maybe = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const row: fc.Arbitrary<EntryRow> = fc
      .record({
        ts: fc.integer({ min: T0, max: T0 + 15_000 }),
        service: maybe('pay', 'night-job', ''),
        task: maybe('t1', 't2'),
        source: maybe('stdout', 'stderr', 'syslog'),
        cluster: maybe('c1'),
        message: fc.constantFrom('a', 'b'),
      })
      .map((columns) => Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)))
      .map((columns) => columns as unknown as EntryRow);
    const runs = fc.tuple(
      fc.constantFrom<LogType>('error', 'app', 'access'),
      row,
      fc.integer({ min: -2000, max: 2000 }),
    );
    fc.assert(
      fc.property(fc.array(runs, { maxLength: 60 }), (given) => {
        const lines = given.flatMap(([type, each, step]) =>
          [0, 1, 2].map((n) => [type, { ...each, ts: each.ts + n * step }] as const),
        );
        // An empty value has the key of none, and the label of whichever came first.
        const comparable = ({ signals, failures }: ReturnType<typeof collect>) => ({
          failures,
          signals: signals.map(({ labels, ...rest }) => ({
            ...rest,
            labels: Object.entries(labels).filter(([, label]) => label !== ''),
          })),
        });
        expect(comparable(collect(rules, lines))).toEqual(comparable(collect(lookingAt(rules), lines)));
      }),
    );
  });
});
