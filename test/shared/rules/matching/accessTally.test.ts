import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Condition } from '../../../../shared/conditions/index.js';
import { Origin } from '../../../../shared/line/origin.js';
import { type Row, renderFields, renderRow } from '../../../../shared/line/row.js';
import { rowEnd } from '../../../../shared/line/rowText.js';
import type { AccessRow } from '../../../../shared/line/schema/index.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { AccessTally } from '../../../../shared/rules/matching/accessTally.js';
import { compileRule } from '../../../../shared/rules/matching/compiledRule.js';
import { compileRules, type SignalCollector } from '../../../../shared/rules/matching/match.js';
import type { Signal } from '../../../../shared/signals/signal.js';
import { toBinary } from '../../../../shared/text/binary.js';
import type { Where } from '../../../../shared/where/clause.js';
import { aRule, MINUTE, type SummedSignal, T0 } from '../../../helpers/alerts.js';
import { somePlace } from '../../../helpers/rows.js';

/** An access line before it is a row. */
interface Line {
  readonly ts: number;
  readonly origin: Origin;
  readonly columns: Omit<AccessRow, 'ts'>;
  readonly fields: readonly (readonly [string, unknown])[];
}

const web = new Origin({ service: 'web', source: 'stdout', task: 't1', cluster: 'c' }, [['container_id', 'a"b']]);
const edge = new Origin({ service: 'edge "é' });

const aLine = (changes: Partial<Line> = {}): Line => ({
  ts: T0,
  origin: web,
  columns: { method: 'GET', path: '/a', status: 200 },
  fields: [],
  ...changes,
});

/** As the transform shows it to the rules. */
function showStored(collector: SignalCollector, { ts, origin, columns, fields }: Line): void {
  const row = { type: 'access', ts, origin, columns, fields } as Row;
  collector.access?.(toBinary(renderRow(row, renderFields(row)) + rowEnd(somePlace)), ts, origin);
}

/** Whole, without being added up. */
function showRow(collector: SignalCollector, { ts, origin, columns, fields }: Line): void {
  const { service, source, task, cluster } = origin;
  const { json } = renderFields({ type: 'access', ts, origin, columns, fields } as Row);
  const row = { ts, service, source, task, cluster, ...columns, ...(json === '' ? {} : { fields: json }) };
  collector.observe(
    'access',
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as AccessRow,
  );
}

function signalsOf(rules: readonly Rule[], lines: readonly Line[], show: typeof showRow): readonly Signal[] {
  const collector = compileRules(rules).collector();
  for (const line of lines) show(collector, line);
  expect(collector.failures()).toEqual([]);
  const place = ({ rule, key, bucket }: Signal) => `${rule} ${key} ${bucket}`;
  return collector.signals().sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

function accessRule(name: string, where: Where, by: readonly string[], condition: Condition = { type: 'match' }): Rule {
  return aRule({ name, on: ['access'], where, by, ...condition } as Partial<Rule>);
}

const ratio = accessRule('server-errors', {}, ['service'], {
  type: 'ratio',
  of: { status: { gte: 500 } },
  window: 5 * MINUTE,
  above: 0.05,
  minTotal: 100,
});

describe('access lines', () => {
  it('cost nothing when no rule looks at them', () => {
    expect(compileRules([aRule({ on: ['error', 'app'] })]).collector().access).toBeUndefined();
  });

  it('are added up to one signal for a key and bucket, with samples of those that matter', () => {
    const lines = Array.from({ length: 1000 }, (_, n) =>
      aLine({ ts: T0 + n * 20, columns: { method: 'GET', path: `/p/${n}`, status: n % 100 === 7 ? 503 : 200 } }),
    );
    expect(signalsOf([ratio], lines, showStored)).toEqual([
      {
        rule: 'server-errors',
        key: 'web',
        labels: { service: 'web' },
        bucket: T0 - (T0 % 25_000),
        count: 10,
        total: 1000,
        first: T0 + 7 * 20,
        last: T0 + 907 * 20,
        samples: [7, 107, 207, 307, 407].map((n) => ({ ts: T0 + n * 20, service: 'web', message: `GET /p/${n} 503` })),
        top: {
          task: [['t1', 10]],
          status: [['503', 10]],
          path: [107, 207, 307, 407, 507].map((n) => [`/p/${n}`, 1]),
        },
      },
    ]);
  });

  it('count the values of every line at first, and of some that stand for all when there are many', () => {
    const lines = Array.from({ length: 10_000 }, (_, n) =>
      aLine({ ts: T0 + n, columns: { path: n % 5 === 0 ? '/api/"orders"' : `/p/${n % 400}`, status: 503 } }),
    );
    const [signal] = signalsOf([accessRule('down', { status: 503 }, ['service'])], lines, showStored);
    const [[path, count] = ['', 0]] = signal?.top?.path ?? [];
    expect(path).toBe('/api/"orders"');
    expect(count).toBeGreaterThan(0.2 * 10_000 - 10_000 / 31 - 300);
    expect(count).toBeLessThan(0.2 * 10_000 + 300);
    expect(signal?.top?.status).toEqual([['503', 10_000]]);
  });

  it('tell their statuses though no rule looks at any', () => {
    const lines = [200, 200, 503].map((status) => aLine({ columns: { path: '/a', status } }));
    const [signal] = signalsOf([accessRule('asked', { path: '/a' }, ['service'])], lines, showStored);
    expect(signal).toMatchObject({
      count: 3,
      top: {
        status: [
          ['200', 2],
          ['503', 1],
        ],
      },
    });
  });

  it('tell of all lines when none is in the part of a ratio', () => {
    const [signal] = signalsOf([ratio], [aLine({ ts: T0 + 5 }), aLine({ ts: T0 + 9 })], showStored);
    expect(signal).toMatchObject({ count: 0, total: 2, first: T0 + 5, last: T0 + 9, samples: [] });
  });

  it('are passed over by a rule that throws, which counts them', () => {
    // Nested deeper than JSON.stringify goes.
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const collector = compileRules([
      accessRule('throws', { 'fields.deep': { contains: 'x' } }, ['service']),
      accessRule('works', {}, ['service']),
    ]).collector();
    const json = `{"ts":"2026-11-22 16:03:00.000"${web.columnsJson},"status":200,"fields":${JSON.stringify(`{"deep":${deep}}`)}}`;
    for (let n = 0; n < 3; n++) collector.access?.(json, T0, web);
    expect(collector.failures()).toEqual([{ rule: 'throws', count: 3, reason: 'RangeError' }]);
    expect(collector.signals()).toEqual([expect.objectContaining({ rule: 'works', count: 3 })]);
  });

  it('give the same signals when more of them differ than are kept at a time', () => {
    const lines = Array.from({ length: 20_000 }, (_, n) =>
      aLine({
        ts: T0 + n,
        columns: { path: '/login', client_ip: `10.0.${(n >> 8) & 15}.${n & 255}`, status: n % 3 === 0 ? 401 : 200 },
      }),
    );
    const rules = [accessRule('auth', { status: [401, 403] }, ['client_ip']), ratio];
    const signals = signalsOf(rules, lines, showStored);
    expect(signals.length).toBeGreaterThan(4096);
    expect(signals).toEqual(signalsOf(rules, lines, showRow));
  });

  it('are shown to the rules before thousands that differ are kept', () => {
    const differing: [string, (n: number) => Line][] = [
      ['address', (n) => aLine({ ts: T0, columns: { client_ip: `10.0.${n >> 8}.${n & 255}`, status: 200 } })],
      ['container', (n) => aLine({ ts: T0, origin: new Origin({ service: `s${n}` }) })],
    ];
    for (const [by, line] of differing) {
      let [shown, counted] = [0, 0];
      const tally = new AccessTally([compileRule(accessRule('each', {}, ['client_ip']))], (_rules, _row, lines) => {
        shown++;
        counted += lines?.count ?? 1;
      });
      for (let n = 0; n < 5000; n++) {
        const { ts, origin, columns, fields } = line(n);
        const row = { type: 'access', ts, origin, columns, fields } as Row;
        tally.add(toBinary(renderRow(row, renderFields(row)) + rowEnd(somePlace)), ts, origin);
      }
      expect([by, shown > 1000 && shown < 5000]).toEqual([by, true]);
      tally.flush();
      expect([by, shown, counted]).toEqual([by, 5000, 5000]);
    }
  });

  const odd = fc.constantFrom('', '/', '","status":500,"', '\\', '\\"', 'é€😀', 'a\\', '}', ',', '\u0001', '\n');
  const text = fc.oneof(
    fc.constantFrom('/a', '/b', 'GET', '10.0.0.1'),
    odd,
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 4 });
  const line: fc.Arbitrary<Line> = fc.record({
    ts: fc.integer({ min: T0, max: T0 + 3 * MINUTE }),
    origin: fc.constantFrom(web, edge, new Origin({ service: 'web', source: 'stdout', task: 't1', cluster: 'c' })),
    columns: fc
      .record({
        client_ip: maybe(text),
        method: maybe(text),
        path: maybe(text),
        query: maybe(text),
        status: maybe(fc.constantFrom(200, 304, 401, 500, 503)),
        duration_ms: maybe(fc.constantFrom(0.5, 12, 1e21)),
        user_agent: maybe(text),
      })
      .map((columns) => Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))),
    fields: fc.array(fc.tuple(fc.constantFrom('status', 'user', 'a.b'), fc.oneof(text, fc.constantFrom(1, null))), {
      maxLength: 2,
    }),
  });
  const rules: readonly Rule[] = [
    ratio,
    accessRule('everything', {}, []),
    accessRule('denied', { status: [401, 403] }, ['client_ip', 'service'], {
      type: 'frequency',
      threshold: 3,
      window: 2 * MINUTE,
    }),
    accessRule('silent', {}, ['service'], { type: 'absence', window: 10 * MINUTE, expect: [], minCount: 1, forget: 1 }),
    accessRule('paths', { method: { not: 'GET' } }, ['service'], {
      type: 'cardinality',
      of: 'path',
      window: MINUTE,
      above: 9,
    }),
    accessRule('agents', { path: { exists: true } }, ['user_agent'], { type: 'new', remember: 1, learn: 0, burst: 5 }),
    accessRule('slow', { any: [{ duration_ms: { gt: 1 } }, { 'fields.user': 1 }] }, ['fields.user', 'query']),
    accessRule('late', { ts: { gt: T0 + MINUTE } }, ['status'], {
      type: 'spike',
      window: MINUTE,
      factor: 3,
      minCount: 1,
      minPrevious: 1,
    }),
    accessRule('burnt', { status: { exists: true } }, ['service'], {
      type: 'burn-rate',
      of: { status: { gte: 500 } },
      objective: 0.999,
      windows: [{ long: 10 * MINUTE, short: 150_000, factor: 15 }],
      minCount: 1,
      step: 150_000,
    }),
    accessRule('task', { task: { exists: true } }, ['service'], {
      type: 'outlier',
      of: { any: [{ status: [500, 503] }, { path: '/b' }] },
      peers: 'status',
      factor: 3,
      above: 0.1,
      minTotal: 1,
      minPeers: 2,
      window: 6 * MINUTE,
    }),
    accessRule('levels', { level: 'fatal' }, ['message']),
    accessRule('users', {}, ['service'], { type: 'change', of: 'fields.user' }),
  ];

  it('give the same signals as when each is shown to the rules alone', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        // An empty value has the key of none, and the label of whichever came first.
        const labelsOf = (labels: Signal['labels']) => Object.entries(labels).filter(([, label]) => label !== '');
        const sums = (signals: readonly SummedSignal[]) =>
          signals.map(({ samples, values, labels, peers, ...rest }) => ({
            ...rest,
            labels: labelsOf(labels),
            peers: peers?.toSorted(([a], [b]) => (a < b ? -1 : 1)),
          }));
        const added: readonly SummedSignal[] = signalsOf(rules, lines, showStored);
        const alone: readonly SummedSignal[] = signalsOf(rules, lines, showRow);
        expect(sums(added)).toEqual(sums(alone));
        for (const [index, { samples, values }] of alone.entries()) {
          expect((added[index]?.samples.length ?? 0) > 0).toBe(samples.length > 0);
          expect(new Set(added[index]?.values?.map(({ value }) => value))).toEqual(
            new Set(values?.map(({ value }) => value)),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
