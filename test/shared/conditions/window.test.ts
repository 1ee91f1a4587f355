import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Memory, MemoryOf } from '../../../shared/alerts/state/alertState.js';
import { observe } from '../../../shared/conditions/observe.js';
import { bucketWidth, type Rule } from '../../../shared/rules/language/rule.js';
import type { Group } from '../../../shared/text/groupBy.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { repeated, signalsOf, type TestLine } from '../../helpers/signals.js';

const SECOND = 1000;
type WindowRule = Extract<Rule, { window: number }>;

const at = (seconds: number) => T0 + seconds * SECOND;
const lines = (seconds: number, count: number, line: Partial<TestLine> = {}) => repeated(at(seconds), count, 0, line);

/**
 * What becomes of batches that come one after the other, each when its newest line is logged: lines told and what was
 * measured of the loudest window, or else why not.
 */
function observed(rule: Rule, batches: readonly TestLine[][]) {
  let memory: Memory | undefined;
  let now = 0;
  return batches.map((batch) => {
    now = Math.max(now, ...batch.map(({ ts }) => ts));
    const observation = observe(rule, memory, signalsOf(rule, batch as Group<TestLine>), now);
    if (observation.outcome === 'ignored') return observation.reason;
    memory = observation.memory;
    if (!observation.firing) return 'quiet';
    const { type: _, ...measured } = observation.firing.measured;
    return [observation.firing.tally.count, ...Object.values(measured)];
  });
}

type Row = [name: string, batches: TestLine[][], expected: unknown[]];

describe('frequency: 5 in 1m, 30s late', () => {
  const rule = aRule({ type: 'frequency', threshold: 5, window: MINUTE, lateness: 30 * SECOND });

  it.each<Row>([
    ['one short', [lines(0, 4)], ['quiet']],
    ['all at once', [lines(0, 1000)], [[1000, 1000]]],
    ['one after the other', [lines(0, 2), lines(20, 2), lines(40, 1)], ['quiet', 'quiet', [5, 5]]],
    [
      'the sixth is told alone',
      [lines(0, 5), lines(10, 1)],
      [
        [5, 5],
        [1, 6],
      ],
    ],
    ['within a minute, though not of the clock', [lines(50, 3), lines(70, 2)], ['quiet', [5, 5]]],
    ['in the last seconds of the window', [lines(0, 4), lines(59, 1)], ['quiet', [5, 5]]],
    ['just out of the window', [lines(0, 4), lines(60, 1)], ['quiet', 'quiet']],
    [
      'of the window before only those that are in this one as well',
      [lines(0, 5), lines(30, 2), lines(65, 2)],
      [[5, 5], [2, 7], 'quiet'],
    ],
    ['a late line completes its window', [lines(0, 4), lines(80, 1), lines(50, 1)], ['quiet', 'quiet', [5, 5]]],
    ['its window is closed', [lines(0, 4), lines(150, 1), lines(20, 1)], ['quiet', 'quiet', 'too late']],
    ['late, in a window that is open', [lines(90, 1), lines(31, 5)], ['quiet', [5, 5]]],
    [
      'late, with lines of a window that is closed',
      [lines(0, 3), lines(90, 1), lines(31, 4)],
      ['quiet', 'quiet', 'quiet'],
    ],
    ['hours of lines at once: the loudest minute', [[...lines(0, 9), ...lines(1800, 2), ...lines(3600, 6)]], [[15, 9]]],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });

  it('gives the times and up to three samples of the lines it tells of', () => {
    const first = observe(rule, undefined, signalsOf(rule, lines(3, 4) as Group<TestLine>), at(9));
    if (first.outcome !== 'counted') throw new Error(first.outcome);
    const second = observe(rule, first.memory, signalsOf(rule, lines(7, 1) as Group<TestLine>), at(9));
    expect(second).toMatchObject({
      firing: {
        tally: {
          ...{ labels: { service: 'pay' }, count: 5, first: at(3), last: at(7) },
          samples: [{ message: `line of ${at(7)}` }, { message: `line of ${at(3)}` }],
        },
      },
      memory: { samples: [] },
    });
  });

  it('takes a line from the future for one of now, so that the others are not late', () => {
    const first = observe(rule, undefined, signalsOf(rule, lines(9999, 4) as Group<TestLine>), at(0));
    if (first.outcome !== 'counted') throw new Error(first.outcome);
    expect(first.memory).toMatchObject({ newest: at(0), buckets: [{ at: at(0), first: at(0), last: at(0) }] });
    const second = observe(rule, first.memory, signalsOf(rule, lines(5, 1) as Group<TestLine>), at(5));
    expect(second).toMatchObject({ firing: { tally: { count: 5 } } });
  });

  it('starts afresh when the rule was of another type', () => {
    const counted = observe(
      rule,
      { type: 'new', lastSeen: T0 },
      signalsOf(rule, lines(0, 4) as Group<TestLine>),
      at(0),
    );
    expect(counted).toMatchObject({ outcome: 'counted', memory: { type: 'frequency' } });
  });
});

describe('spike: 3 times the 5 minutes before, at least 10 lines', () => {
  const rule = aRule({ type: 'spike', window: 5 * MINUTE, factor: 3, minCount: 10, minPrevious: 1, lateness: 0 });

  it.each<Row>([
    ['three times as many', [lines(0, 10), lines(300, 29), lines(310, 1)], [[10, 10, 0], 'quiet', [30, 30, 10]]],
    ['not three times as many', [lines(0, 10), lines(300, 29)], [[10, 10, 0], 'quiet']],
    ['too few lines to speak of', [lines(0, 2), lines(300, 9)], ['quiet', 'quiet']],
    ['nothing before counts as one', [lines(0, 10)], [[10, 10, 0]]],
    [
      'what is told once is not told again',
      [lines(0, 1), lines(300, 12), lines(310, 5)],
      ['quiet', [12, 12, 1], [5, 17, 1]],
    ],
    [
      'the window before is the one right before',
      [lines(0, 50), lines(900, 12)],
      [
        [50, 50, 0],
        [12, 12, 0],
      ],
    ],
    [
      'steady traffic',
      [lines(0, 9), lines(150, 9), lines(300, 9), lines(450, 9)],
      ['quiet', [18, 18, 0], 'quiet', 'quiet'],
    ],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });

  it('compares with at least min_previous', () => {
    const busy = aRule({ ...rule, type: 'spike', minPrevious: 20 });
    expect(observed(busy, [lines(0, 59), lines(1, 1)])).toEqual(['quiet', [60, 60, 0]]);
  });
});

describe('ratio', () => {
  const of = { status: { gte: 500 } };
  const above = aRule({ type: 'ratio', of, window: 5 * MINUTE, above: 0.05, minTotal: 100, lateness: 0 });
  const below = aRule({ type: 'ratio', of, window: 5 * MINUTE, below: 0.9, minTotal: 100, lateness: 0 });
  const both = (seconds: number, matched: number, others: number) => [
    ...lines(seconds, matched),
    ...lines(seconds, others, { isPart: false }),
  ];

  it.each<Row>([
    ['6 of 100', [both(0, 6, 94)], [[6, 6, 100]]],
    ['5 of 100 is not above 5 %', [both(0, 5, 95)], ['quiet']],
    ['all of 99 are too few', [both(0, 99, 0)], ['quiet']],
    ['the denominator grows', [both(0, 6, 60), both(10, 0, 34)], ['quiet', [6, 6, 100]]],
    [
      'still above, and nothing new to tell',
      [both(0, 10, 90), both(10, 0, 20)],
      [
        [10, 10, 100],
        [0, 10, 120],
      ],
    ],
    ['old lines leave the window', [both(0, 50, 50), both(300, 2, 98)], [[50, 50, 100], 'quiet']],
    [
      '50 of 400 in four parts',
      [both(0, 5, 90), both(60, 15, 90), both(120, 15, 85), both(180, 15, 85)],
      ['quiet', [20, 20, 200], [15, 35, 300], [15, 50, 400]],
    ],
  ])('above 5 % of at least 100: %s', (_name, batches, expected) => {
    expect(observed(above, batches)).toEqual(expected);
  });

  it.each<Row>([
    ['89 of 100', [both(0, 89, 11)], [[100, 89, 100]]],
    ['90 of 100', [both(0, 90, 10)], ['quiet']],
    ['none of 100', [both(0, 0, 100)], [[100, 0, 100]]],
  ])('below 90 % of at least 100: %s, told with all the lines', (_name, batches, expected) => {
    expect(observed(below, batches)).toEqual(expected);
  });
});

describe('cardinality: more than 3 different values in 1m', () => {
  const rule = aRule({ type: 'cardinality', of: 'client_ip', window: MINUTE, above: 3, lateness: 0 });
  const values = (seconds: number, text: string) => [...text].map((value) => ({ ts: at(seconds), value }));

  it.each<Row>([
    ['four', [values(0, 'abcd')], [[4, 4, true]]],
    ['three', [values(0, 'abc')], ['quiet']],
    ['the same ones again', [values(0, 'abc'), values(20, 'cba')], ['quiet', 'quiet']],
    ['the fourth, later', [values(0, 'abc'), values(20, 'ad')], ['quiet', [5, 4, true]]],
    ['not within a minute', [values(0, 'abc'), values(60, 'd')], ['quiet', 'quiet']],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });

  it('says when there are so many that it estimates', () => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ ts: at(0), value: `10.0.${n >> 8}.${n & 255}` }));
    const [result] = observed(rule, [many]);
    expect(result).toEqual([1000, expect.any(Number), false]);
    const [, distinct] = result as [number, number];
    expect(Math.abs(distinct - 1000)).toBeLessThan(300);
  });
});

describe('windows of any lines in any batches', () => {
  const rules = [
    ...[2, 4].map((threshold) => ({ type: 'frequency', threshold }) as const),
    { type: 'spike', factor: 2, minCount: 3, minPrevious: 1 },
    { type: 'ratio', of: {}, above: 0.5, minTotal: 3 },
    { type: 'ratio', of: {}, below: 0.5, minTotal: 3 },
    { type: 'cardinality', of: 'client_ip', above: 2 },
  ] as const;
  const anyRule = fc
    .record({
      condition: fc.constantFrom(...rules),
      window: fc.constantFrom(10, 30, 45, 77).map((seconds) => seconds * SECOND),
      lateness: fc.constantFrom(0, 7, 20, 60).map((seconds) => seconds * SECOND),
    })
    .map(({ condition, window, lateness }) => aRule({ ...condition, window, lateness }) as WindowRule);
  const anyLine = fc.record({
    /** How long after the line before, and how much later it comes. */
    after: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 9 }) }, fc.integer({ min: 0, max: 90 })),
    late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 100 })),
    isPart: fc.boolean(),
    value: fc.constantFrom('a', 'b', 'c', 'd'),
  });
  /** Lines in the order in which they come, cut into batches. */
  const anyBatches = fc
    .tuple(fc.array(anyLine, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.integer({ min: 1, max: 8 })))
    .map(([stated, sizes]) => {
      let ts = T0;
      const all = stated.map(({ after, late, isPart, value }) => {
        ts += after * SECOND;
        return { arrival: ts + late * SECOND, line: { ts, isPart, value } };
      });
      all.sort((a, b) => a.arrival - b.arrival);
      const batches: (typeof all)[] = [];
      while (all.length > 0) batches.push(all.splice(0, sizes.next().value ?? 1));
      return batches;
    });

  it('hold the condition exactly when the lines by themselves say so, and tell each line once', () => {
    fc.assert(
      fc.property(anyRule, anyBatches, (rule, batches) => {
        const model = new LineByLine(rule);
        let memory: Memory | undefined;
        for (const batch of batches) {
          const now = Math.max(...batch.map(({ arrival }) => arrival));
          const lines = batch.map(({ line }) => line) as Group<TestLine>;
          const observation = observe(rule, memory, signalsOf(rule, lines), now);
          const firing = observation.outcome === 'counted' ? observation.firing : undefined;
          expect([firing !== undefined, firing?.tally.count ?? 0]).toEqual(model.take(lines));
          expect(observation.outcome === 'counted').toBe(model.tookAny);
          if (observation.outcome === 'counted') memory = observation.memory;
        }
        expect(bucketsOf(memory)).toBeLessThanOrEqual((rule.lateness + 2 * rule.window) / bucketWidth(rule) + 3);
      }),
      { numRuns: 1000 },
    );
  });
});

function bucketsOf(memory: Memory | undefined): number {
  return memory ? (memory as MemoryOf<'frequency'>).buckets.length : 0;
}

/** What the windows are by their definition: keeps every line for ever and looks at each. */
class LineByLine {
  tookAny = false;
  private newest = Number.NEGATIVE_INFINITY;
  private readonly kept: { readonly bucket: number; readonly line: TestLine; told: boolean }[] = [];

  constructor(private readonly rule: WindowRule) {}

  /** Whether the condition holds for a window of these lines, and how many lines were not told before. */
  take(lines: readonly TestLine[]): [boolean, number] {
    const { lateness, window } = this.rule;
    const width = bucketWidth(this.rule);
    const bucketOf = ({ ts }: TestLine) => Math.floor(ts / width) * width;
    let [holds, told] = [false, 0];
    this.tookAny = false;
    for (const bucket of [...new Set(lines.map(bucketOf))].sort((a, b) => a - b)) {
      if (bucket <= this.newest - lateness - window) continue;
      this.tookAny = true;
      this.newest = Math.max(this.newest, bucket);
      this.kept.push(
        ...lines.filter((line) => bucketOf(line) === bucket).map((line) => ({ bucket, line, told: false })),
      );
      for (let end = bucket; end < bucket + window && end <= this.newest; end += width) {
        if (end < this.newest - lateness || !this.holds(end)) continue;
        holds = true;
        for (const each of this.between(end - window, end)) {
          if (each.told || !this.isTold(each.line)) continue;
          each.told = true;
          told++;
        }
      }
    }
    return [holds, told];
  }

  private holds(end: number): boolean {
    const { rule } = this;
    const current = this.between(end - rule.window, end).map(({ line }) => line);
    const previous = this.between(end - 2 * rule.window, end - rule.window);
    const share = current.filter(({ isPart }) => isPart).length / current.length;
    switch (rule.type) {
      case 'frequency':
        return current.length >= rule.threshold;
      case 'spike':
        return (
          current.length >= rule.minCount && current.length >= rule.factor * Math.max(rule.minPrevious, previous.length)
        );
      case 'ratio':
        return current.length >= rule.minTotal && (share > (rule.above ?? 1) || share < (rule.below ?? 0));
      case 'cardinality':
        return new Set(current.map(({ value }) => value)).size > rule.above;
      default:
        return false;
    }
  }

  private isTold({ isPart }: TestLine): boolean {
    return this.rule.type !== 'ratio' || this.rule.below !== undefined || isPart === true;
  }

  private between(after: number, until: number) {
    return this.kept.filter(({ bucket }) => bucket > after && bucket <= until);
  }
}
