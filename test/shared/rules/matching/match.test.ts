import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Condition } from '../../../../shared/conditions/index.js';
import { add, type Sketch } from '../../../../shared/conditions/sketch.js';
import type { EntryRow } from '../../../../shared/line/schema/index.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { compileRules } from '../../../../shared/rules/matching/match.js';
import { streamRule } from '../../../../shared/rules/streamRule.js';
import { otherKey } from '../../../../shared/signals/alertKey.js';
import type { Where } from '../../../../shared/where/clause.js';
import { aRule, MINUTE, type SummedSignal, T0 } from '../../../helpers/alerts.js';

function matches(where: Where, row: Partial<EntryRow>): boolean {
  const collector = compileRules([aRule({ where })]).collector();
  collector.observe('error', { ts: T0, ...row });
  expect(collector.failures()).toEqual([]);
  return collector.signals().length === 1;
}

describe('the columns that make a difference', () => {
  it('are those that rules ask for, in the order of the table, with origin and what samples show', () => {
    const set = compileRules([
      aRule({
        on: ['access'],
        where: { any: [{ bytes: { gt: 1 } }, { not: { host: 'x' } }] },
        by: ['client_ip', 'fields.user.id'],
      }),
      aRule({ on: ['error'], where: { logger: 'x' }, by: [] }),
    ]);
    const origin = ['service', 'source', 'task', 'cluster'];
    const request = ['client_ip', 'method', 'path', 'status', 'bytes', 'host', 'fields'];
    expect(set.columns('access')).toEqual(['ts', ...origin, ...request]);
    expect(set.columns('error')).toEqual(['ts', ...origin, 'level', 'message', 'logger', 'exception']);
  });

  it('are all that a signal depends on', () => {
    const text = fc.constantFrom('a', 'b');
    const row = fc.record(
      {
        service: text,
        level: text,
        message: text,
        logger: text,
        stack: text,
        trace_id: text,
        fields: fc.constantFrom('{"a":1}', '{"b":2}'),
      },
      { requiredKeys: [] },
    );
    const name = fc.constantFrom('level', 'logger', 'stack', 'trace_id', 'fields.a', 'message');
    fc.assert(
      fc.property(fc.array(row), name, name, (rows, asked, key) => {
        const set = compileRules([aRule({ where: { [asked]: { exists: true } }, by: [key] })]);
        const columns = set.columns('error');
        const [all, cut] = [set.collector(), set.collector()];
        for (const each of rows) {
          all.observe('error', { ...each, ts: T0 });
          cut.observe('error', {
            ...Object.fromEntries(Object.entries(each).filter(([name]) => columns.includes(name))),
            ts: T0,
          });
        }
        expect(cut.signals()).toEqual(all.signals());
      }),
    );
  });
});

describe('where', () => {
  const fields = JSON.stringify({
    code: 502,
    text: '7',
    'http.route': '/pay',
    http: { method: 'POST' },
    tags: ['a', 'b'],
    no: null,
  });

  it.each<[string, Where, Partial<EntryRow>, boolean]>([
    ['equal text', { level: 'fatal' }, { level: 'fatal' }, true],
    ['other text', { level: 'fatal' }, { level: 'error' }, false],
    ['no value', { level: 'fatal' }, {}, false],
    ['one of', { service: ['pay', 'cart'] }, { service: 'cart' }, true],
    ['none of', { service: ['pay', 'cart'] }, { service: 'web' }, false],
    ['a number equals its text', { 'fields.text': 7 }, { fields }, true],
    ['text equals its number', { 'fields.code': '502' }, { fields }, true],
    ['contains', { message: { contains: 'declined' } }, { message: 'card declined' }, true],
    ['contains minds case', { message: { contains: 'declined' } }, { message: 'card DECLINED' }, false],
    ['regex', { message: { regex: '^card \\w+$' } }, { message: 'card declined' }, true],
    ['regex without case', { message: { regex: '(?i)DECLINED' } }, { message: 'card declined' }, true],
    ['gt', { 'fields.code': { gt: 502 } }, { fields }, false],
    ['gte and lt', { 'fields.code': { gte: 500, lt: 600 } }, { fields }, true],
    ['lte', { 'fields.code': { lte: 501 } }, { fields }, false],
    ['a comparison with text that is a number', { 'fields.text': { gt: 6 } }, { fields }, true],
    ['a comparison with text that is none', { message: { lt: 6 } }, { message: '' }, false],
    ['exists', { exception: { exists: true } }, { exception: 'E' }, true],
    ['does not exist', { exception: { exists: false } }, {}, true],
    ['null does not exist', { 'fields.no': { exists: true } }, { fields }, false],
    ['not', { service: { not: 'pay' } }, { service: 'cart' }, true],
    ['not, of a missing value', { service: { not: ['pay'] } }, {}, true],
    ['not contains', { message: { not: { contains: 'x' } } }, { message: 'axb' }, false],
    ['a nested field', { 'fields.http.method': 'POST' }, { fields }, true],
    ['a field with a dot in its name', { 'fields.http.route': '/pay' }, { fields }, true],
    ['a list as JSON', { 'fields.tags': { contains: '"b"' } }, { fields }, true],
    ['fields that are not JSON', { 'fields.code': 502 }, { fields: '{' }, false],
    ['no inherited names', { 'fields.constructor.name': { exists: true } }, { fields }, false],
    ['all must match', { level: 'fatal', service: 'pay' }, { level: 'fatal', service: 'cart' }, false],
  ])('%s', (_name, where, row, expected) => {
    expect(matches(where, row)).toBe(expected);
  });
});

describe('what each type measures', () => {
  const rows: EntryRow[] = [
    { ts: T0 + 1, service: 'pay', level: 'info', message: 'one', request_id: 'a' },
    { ts: T0 + 4, service: 'pay', level: 'error', message: 'two', request_id: 'b' },
    { ts: T0 + 2, service: 'pay', level: 'error', message: 'three', request_id: 'a' },
    { ts: T0 + 3, service: 'pay', level: 'info', message: 'four' },
  ];
  const messages = (...of: number[]) => of.map((at) => expect.objectContaining({ message: rows[at]?.message }));

  it.each<[Condition, { readonly [K in keyof SummedSignal]?: unknown }]>([
    [{ type: 'match' }, { count: 4, first: T0 + 1, last: T0 + 4, samples: messages(0, 1, 2, 3) }],
    [
      { type: 'ratio', of: { level: 'error' }, window: MINUTE, above: 0.1, minTotal: 1 },
      { count: 2, total: 4, first: T0 + 2, last: T0 + 4, samples: messages(1, 2) },
    ],
    [
      { type: 'ratio', of: { level: 'fatal' }, window: MINUTE, above: 0.1, minTotal: 1 },
      { count: 0, total: 4, first: T0 + 1, last: T0 + 4, samples: [] },
    ],
    [
      { type: 'cardinality', of: 'request_id', window: MINUTE, above: 1 },
      { count: 4, distinct: ['a', 'b'].reduce<Sketch>(add, []) },
    ],
    [
      { type: 'change', of: 'level' },
      {
        count: 4,
        values: [
          { ts: T0 + 1, value: 'info' },
          { ts: T0 + 2, value: 'error' },
          { ts: T0 + 3, value: 'info' },
          { ts: T0 + 4, value: 'error' },
        ],
      },
    ],
    // The newest line, to read what was said before it fell silent.
    [
      { type: 'absence', window: MINUTE, expect: [], minCount: 1, forget: 1 },
      { count: 4, samples: messages(1) },
    ],
  ])('%j', (condition, expected) => {
    const collector = compileRules([aRule(condition as Partial<Rule>)], { asStream: false }).collector();
    for (const row of rows) collector.observe('app', row);
    const [signal, ...others] = collector.signals();
    expect(signal).toMatchObject(expected);
    expect(others).toEqual([]);
  });

  it('puts lines into buckets of a twelfth of the window', () => {
    const rule = aRule({ type: 'frequency', threshold: 5, window: 5 * MINUTE } as Partial<Rule>);
    const collector = compileRules([rule]).collector();
    const start = T0 - (T0 % 25_000);
    for (const ts of [start, start + 24_999, start + 25_000]) collector.observe('app', { ts, service: 'pay' });
    expect(collector.signals().map(({ bucket, count }) => [bucket - start, count])).toEqual([
      [0, 2],
      [25_000, 1],
    ]);
  });
});

describe('collector', () => {
  it('adds up by rule, key and bucket of event time', () => {
    const collector = compileRules([aRule({ by: ['service', 'fields.id'] })]).collector();
    const row = (ts: number, service: string, message: string) => ({
      ts,
      service,
      level: 'error',
      message,
      fields: '{"id":7}',
    });
    collector.observe('error', row(T0 + 5, 'pay', 'b'));
    collector.observe('error', row(T0 + 2, 'pay', 'a'));
    collector.observe('error', row(T0 + MINUTE, 'pay', 'c'));
    collector.observe('error', row(T0 + 3, 'cart', 'd'));

    expect(collector.signals()).toEqual([
      {
        rule: 'a-rule',
        key: 'pay|7',
        labels: { service: 'pay', 'fields.id': '7' },
        bucket: T0,
        count: 2,
        first: T0 + 2,
        last: T0 + 5,
        samples: [
          { ts: T0 + 5, service: 'pay', level: 'error', message: 'b' },
          { ts: T0 + 2, service: 'pay', level: 'error', message: 'a' },
        ],
      },
      expect.objectContaining({ key: 'pay|7', bucket: T0 + MINUTE, count: 1 }),
      expect.objectContaining({ key: 'cart|7', bucket: T0, count: 1 }),
    ]);
  });

  it('shows a row only to the rules of its type', () => {
    const collector = compileRules([
      aRule({ name: 'errors', on: ['error'] }),
      aRule({ name: 'apps', on: ['app'] }),
    ]).collector();
    collector.observe('app', { ts: T0, level: 'error' });
    expect(collector.signals().map(({ rule }) => rule)).toEqual(['apps']);
  });

  it('keeps five different samples, cut between code points', () => {
    const collector = compileRules([aRule({})]).collector();
    collector.observe('error', { ts: T0, message: `${'x'.repeat(499)}😀` });
    for (let i = 0; i < 20; i++) collector.observe('error', { ts: T0, message: `line ${i >> 1}` });

    const [signal] = collector.signals();
    expect(signal?.count).toBe(21);
    expect(signal?.samples.map(({ message }) => message)).toEqual([
      'x'.repeat(499),
      'line 0',
      'line 1',
      'line 2',
      'line 3',
    ]);
  });

  it('leaves out what SQS would refuse a message for', () => {
    const collector = compileRules([aRule({ by: ['service'] })]).collector();
    collector.observe('error', { ts: T0, service: 'a\uFFFEb', message: 'x\uFFFF\uD800y' });
    const [signal] = collector.signals();
    expect(signal?.labels).toEqual({ service: 'a\uFFFDb' });
    expect(signal?.samples[0]?.message).toBe('x\uFFFD\uFFFDy');
  });

  it('counts a rule that throws and goes on with the others', () => {
    const collector = compileRules([
      aRule({ name: 'throws', where: { logger: { regex: 'x' } } }),
      aRule({ name: 'works', where: { service: 'pay' } }),
    ]).collector();
    const broken = { ts: T0, service: 'pay' };
    Object.defineProperty(broken, 'logger', {
      get() {
        throw new RangeError('card 4111111111111111');
      },
    });
    collector.observe('error', broken);
    collector.observe('error', { ts: T0, logger: 'x' });

    // What it said might quote the line.
    expect(collector.failures()).toEqual([{ rule: 'throws', count: 1, reason: 'RangeError' }]);
    expect(
      collector
        .signals()
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual(['throws', 'works']);
  });

  it('never makes the same key of different values, nor the key of the others', () => {
    const value = fc.string({ unit: fc.constantFrom('a', '|', '\\', '*', '#'), maxLength: 6 });
    const keyOf = (values: readonly string[]) => {
      const rule: Rule = aRule({ by: ['service', 'logger'] });
      const collector = compileRules([rule]).collector();
      collector.observe('error', { ts: T0, service: values[0] ?? '', logger: values[1] ?? '' });
      return collector.signals()[0]?.key;
    };
    fc.assert(
      fc.property(fc.tuple(value, value), fc.tuple(value, value), (a, b) => {
        expect(keyOf(a) === keyOf(b)).toBe(a[0] === b[0] && a[1] === b[1]);
        expect(keyOf(a)).not.toBe(otherKey);
      }),
    );
  });

  it('keeps long keys apart and within bounds', () => {
    const collector = compileRules([aRule({ by: ['message'] })]).collector();
    for (const end of ['a', 'b']) collector.observe('error', { ts: T0, message: '😀'.repeat(5000) + end });
    const keys = collector.signals().map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(Buffer.byteLength(key)).toBeLessThan(1700);
  });

  it('never throws and never loses a match, whatever the row holds', () => {
    const rules = [
      aRule({ name: 'all', where: { message: { not: { exists: false } } }, by: ['fields.a', 'service'] }),
      aRule({ name: 'field', where: { 'fields.a.b': { gt: 3 } } }),
    ];
    const row = fc.record({
      ts: fc.integer({ min: 0, max: 4e12 }),
      message: fc.string({ unit: 'binary' }),
      service: fc.option(fc.string(), { nil: undefined }),
      fields: fc.oneof(fc.json(), fc.string()),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const collector = compileRules(rules).collector();
        for (const each of rows) collector.observe('app', each as EntryRow);
        expect(collector.failures()).toEqual([]);
        const counted = collector.signals().filter(({ rule }) => rule === 'all');
        expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length);
      }),
    );
  });
});

describe('what is seen of the whole stream', () => {
  const ofStream = (rules: readonly Rule[], type: 'app' | 'error') => {
    const collector = compileRules(rules).collector();
    for (const service of ['pay', 'cart', 'cart']) collector.observe(type, { ts: T0, service });
    return collector.signals().filter(({ rule }) => rule === streamRule.name);
  };

  it('is one signal with all lines, whatever the rules are on, when a key may be missed', () => {
    const rule = aRule({ type: 'absence', on: ['error'], where: { service: 'pay' } });
    expect(ofStream([rule], 'app')).toMatchObject([{ key: '', labels: {}, count: 3, samples: [] }]);
  });

  it('is nothing when no rule misses lines', () => {
    expect(ofStream([aRule({}), aRule({ type: 'gap' })], 'app')).toEqual([]);
  });
});
