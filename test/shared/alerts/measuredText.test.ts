import { describe, expect, it } from '@jest/globals';
import { measuredText } from '../../../shared/alerts/measuredText.js';
import type { Notice } from '../../../shared/alerts/state/alertState.js';
import type { Measured } from '../../../shared/conditions/index.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';

const DAY = 24 * 60 * MINUTE;
const frequency = { type: 'frequency', threshold: 12, window: MINUTE } as const;
const spike = { type: 'spike', window: 5 * MINUTE, factor: 3, minCount: 10, minPrevious: 1 } as const;
const drop = { type: 'drop', window: 5 * MINUTE, below: 0.5, minPrevious: 100, forget: DAY } as const;
const ratio = { type: 'ratio', of: { status: 502 }, window: 5 * MINUTE, minTotal: 100 } as const;
const cardinality = { type: 'cardinality', of: 'client_ip', window: 5 * MINUTE, above: 100 } as const;
const gap = { type: 'gap', of: 'fields.number', grace: 60 * MINUTE } as const;
const quantile = {
  type: 'quantile',
  of: 'duration_ms',
  quantile: 0.95,
  above: 800,
  window: 5 * MINUTE,
  minCount: 1,
} as const;
const outlier = {
  type: 'outlier',
  peers: 'task',
  window: 5 * MINUTE,
  factor: 3,
  above: 0.1,
  minTotal: 100,
  minPeers: 2,
} as const;
const absence = { type: 'absence', window: 15 * MINUTE, expect: [], minCount: 1, forget: DAY } as const;

function inWords(rule: Partial<Rule>, measured: Measured, last = T0): string | undefined {
  return measuredText({ rule: 'a-rule', key: 'pay', settings: aRule(rule), notice: noticeOf(measured, last) });
}

function noticeOf(measured: Measured, last = T0): Notice {
  return {
    kind: 'firing',
    number: 1,
    labels: {},
    count: 1,
    suppressed: 0,
    first: T0,
    last,
    samples: [],
    measured,
  };
}

describe('measuredText', () => {
  it.each<[Partial<Rule>, Measured, string]>([
    [frequency, { type: 'frequency', count: 37 }, '37 lines in 1m, 12 are enough'],
    [spike, { type: 'spike', current: 37, previous: 10 }, '3.7 times the 5m before: 37 lines after 10'],
    [spike, { type: 'spike', current: 1200, previous: 400 }, '3 times the 5m before: 1,200 lines after 400'],
    [spike, { type: 'spike', current: 37, previous: 0 }, '37 lines in 5m after none in the 5m before'],
    [
      { ...spike, baseline: 'week' },
      { type: 'spike', current: 1200, previous: 400, baseline: 'week' },
      '3 times what is usual at this hour of the week: 1,200 lines in 5m, not 400',
    ],
    [
      { ...spike, baseline: 'day' },
      { type: 'spike', current: 12, previous: 0, baseline: 'day' },
      '12 lines in 5m after none in this hour of the day',
    ],
    [
      drop,
      { type: 'drop', current: 412, usual: 1200, lastSeen: T0 - MINUTE },
      '412 lines in 5m, 34.3 % of the 1,200 that are usual',
    ],
    [
      { type: 'growth', window: 60 * MINUTE, steps: 3, factor: 1.5, minCount: 100, minPrevious: 10 },
      { type: 'growth', counts: [100, 160, 250, 1200] },
      '12 times as many within 3h: 100, then 160, then 250, then 1,200 lines in 1h',
    ],
    [
      { ...drop, baseline: 'week' },
      { type: 'drop', current: 0, usual: 1200, lastSeen: T0 - 7 * MINUTE },
      'no lines in 5m, 0 % of the 1,200 that are usual at this hour of the week; none since 2026-11-22T15:56:00Z',
    ],
    [
      { ...ratio, above: 0.05 },
      { type: 'ratio', matched: 50, total: 400 },
      '12.5 % (50 of 400 lines) in 5m, above 5 %',
    ],
    [{ ...ratio, below: 0.9 }, { type: 'ratio', matched: 0, total: 400 }, '0 % (0 of 400 lines) in 5m, below 90 %'],
    [
      { ...ratio, above: 0.5, below: 0.001 },
      { type: 'ratio', matched: 1, total: 2000 },
      '0.05 % (1 of 2,000 lines) in 5m, above 50 % or below 0.1 %',
    ],
    [
      { type: 'burn-rate', objective: 0.999, of: {} },
      { type: 'burn-rate', matched: 72, total: 2000, inShort: 0.041, long: 60 * MINUTE, short: 5 * MINUTE },
      "36 times the error budget of 99.9 %: 3.6 % (72 of 2,000 lines) in 1h, 4.1 % in 5m; a month's is spent in 20h",
    ],
    [{ type: 'new', remember: 30 * DAY }, { type: 'new' }, 'new: not seen in the 30d before'],
    [
      { type: 'new', remember: 30 * DAY },
      { type: 'new', before: T0 - 40 * DAY },
      'new again: not seen since 2026-10-13T16:03:00Z',
    ],
    [cardinality, { type: 'cardinality', distinct: 214, exact: true }, '214 different client_ip in 5m, more than 100'],
    [
      cardinality,
      { type: 'cardinality', distinct: 21_400, exact: false },
      'about 21,400 different client_ip in 5m, more than 100',
    ],
    [
      quantile,
      { type: 'quantile', value: 1234.5, beyond: 310, total: 4000 },
      'p95 of duration_ms is about 1,230 in 5m, above 800 (310 of 4,000 lines)',
    ],
    [
      { ...quantile, quantile: 0.999, above: 0.25 },
      { type: 'quantile', value: 0.2567, beyond: 1, total: 1 },
      'p99.9 of duration_ms is about 0.257 in 5m, above 0.25 (1 of 1 line)',
    ],
    [
      { ...outlier, of: { status: 502 } },
      { type: 'outlier', outliers: [{ name: 'web-7', total: 150, matched: 51 }], count: 1, median: 0.002, others: 39 },
      'task web-7: 34 % (51 of 150 lines) in 5m, the median of 39 others is 0.2 %',
    ],
    [
      outlier,
      {
        ...{ type: 'outlier', count: 4, median: 400, others: 39 },
        outliers: ['web-7', 'web-9'].map((name) => ({ name, total: 5000, matched: 5000 })),
      },
      'task web-7: 5,000 lines in 5m, the median of 39 others is 400; as well web-9, 2 more',
    ],
    [absence, { type: 'absence' }, 'nothing for 15m, and nothing before'],
    [
      { type: 'change', of: 'fields.version' },
      { type: 'change', from: '1.2', to: '<!here>\n"' },
      'fields.version changed from "1.2" to "<!here>\n""',
    ],
    [gap, { type: 'gap', missing: 1, ranges: [[7, 7]] }, '1 of fields.number is missing: 7'],
    [
      gap,
      {
        type: 'gap',
        missing: 1206,
        ranges: [
          [7, 9],
          [12, 12],
          [20, 20],
          [30, 30],
          [40, 40],
          [50, 1249],
        ],
      },
      '1,206 of fields.number are missing: 7 to 9, 12, 20, 30, 40, …',
    ],
  ])('%j %j', (rule, measured, expected) => {
    expect(inWords(rule, measured)).toBe(expected);
  });

  it('writes values and column names as `show` has it', () => {
    const rule = aRule({ type: 'change', of: 'fields.<v>' });
    const notice = noticeOf({ type: 'change', from: '<a>', to: '<b>' });
    const shown = measuredText({ rule: 'a-rule', key: 'pay', settings: rule, notice }, (text) => text.toUpperCase());
    expect(shown).toBe('FIELDS.<V> changed from "<A>" to "<B>"');
  });

  it('says since when nothing came, with the day when that was not today', () => {
    const since = (lastSeen: number) => inWords(absence, { type: 'absence', lastSeen });
    expect(since(T0 - 17 * MINUTE)).toBe('nothing since 15:46:00 UTC (17m)');
    expect(since(T0 - 17 * 60 * MINUTE)).toBe('nothing since 2026-11-21 23:03:00 UTC (17h)');
    expect(since(T0 - 25 * 60 * MINUTE)).toBe('nothing since 2026-11-21 15:03:00 UTC (1d 1h)');
  });

  it('says nothing of a match, nor of a rule that has become another', () => {
    expect(inWords({ type: 'match' }, { type: 'match' })).toBeUndefined();
    const measures: Measured[] = [
      { type: 'frequency', count: 1 },
      { type: 'spike', current: 1, previous: 1 },
      { type: 'drop', current: 1, usual: 100 },
      { type: 'growth', counts: [1, 2] },
      { type: 'burn-rate', matched: 1, total: 1, inShort: 1, long: MINUTE, short: MINUTE },
      { type: 'ratio', matched: 1, total: 1 },
      { type: 'new' },
      { type: 'cardinality', distinct: 1, exact: true },
      { type: 'absence' },
      { type: 'change', from: 'a', to: 'b' },
      { type: 'gap', missing: 1, ranges: [[7, 7]] },
      { type: 'quantile', value: 1, beyond: 1, total: 1 },
      { type: 'outlier', outliers: [{ name: 'a', total: 1, matched: 1 }], count: 1, median: 0, others: 2 },
    ];
    for (const measured of measures) expect(inWords({ type: 'match' }, measured)).toBeUndefined();
  });
});
