import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { observe } from '../../../shared/conditions/condition.js';
import type { Group } from '../../../shared/text/groupBy.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { signalsOf, type TestLine } from '../../helpers/signals.js';
import { at, lines, observed, type WindowCase } from '../../helpers/windows.js';

const SECOND = 1000;

describe('frequency: 5 in 1m, 30s late', () => {
  const rule = aRule({ type: 'frequency', threshold: 5, window: MINUTE, lateness: 30 * SECOND });

  it.each<WindowCase>([
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
    [
      'its window is closed: late lines count among themselves',
      [lines(0, 4), lines(150, 1), lines(20, 1)],
      ['quiet', 'quiet', 'quiet'],
    ],
    [
      'all late: told as they would have been, in any order',
      [lines(2000, 1), lines(40, 2), lines(600, 4), lines(20, 3)],
      ['quiet', 'quiet', 'quiet', [5, 5]],
    ],
    [
      'older than all that is kept of late lines',
      [lines(20_000, 1), Array.from({ length: 120 }, (_, at) => lines(3000 + 15 * at, 1)).flat(), lines(2900, 9)],
      ['quiet', 'quiet', 'too late'],
    ],
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

describe('frequency: 2 in each 1m for 3m, 30s late', () => {
  const rule = aRule({ type: 'frequency', threshold: 2, window: MINUTE, for: 3 * MINUTE, lateness: 30 * SECOND });

  it.each<WindowCase>([
    ['all at once', [lines(0, 1000)], ['quiet']],
    ['in two windows', [lines(0, 9), lines(70, 9), lines(100, 9)], ['quiet', 'quiet', 'quiet']],
    [
      'in each of three: all of them are told',
      [lines(0, 2), lines(60, 3), lines(120, 2)],
      ['quiet', 'quiet', [7, 7, 2]],
    ],
    ['one short in the middle', [lines(0, 9), lines(60, 1), lines(120, 9)], ['quiet', 'quiet', 'quiet']],
    [
      'a late line completes the middle',
      [lines(0, 9), lines(60, 1), lines(120, 9), lines(55, 1)],
      ['quiet', 'quiet', 'quiet', [20, 20, 2]],
    ],
    ['too late for all of them', [lines(0, 2), lines(400, 1), lines(60, 9)], ['quiet', 'quiet', 'too late']],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });

  it('fires when a count of every window says so, of any course and in any order within the lateness', () => {
    const times = fc.array(fc.tuple(fc.nat({ max: 90 }), fc.nat({ max: 5 })), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, (drawn) => {
        // Buckets have 5 s. Each line comes up to 25 s behind its time.
        const logged = drawn.map(([bucket, behind]) => ({ ts: at(bucket * 5), comes: bucket + behind }));
        const arrived = [...logged].sort((a, b) => a.comes - b.comes);
        const seen = arrived.flatMap((line, index) => {
          const before = arrived.slice(0, index + 1).map(({ ts }) => ts);
          return holds(before, line.ts, Math.max(...before)) ? [line] : [];
        });
        const fired = observed(
          rule,
          arrived.map(({ ts }) => [{ ts }]),
        ).filter((each) => Array.isArray(each));
        // What is told once is told again with each line that its windows get.
        expect(fired.length > 0).toBe(seen.length > 0);
      }),
      { numRuns: 500 },
    );
  });
});

/** Looks at the three minutes up to the line that came, and to each bucket after it. */
function holds(logged: readonly number[], came: number, newest: number): boolean {
  const ends = Array.from({ length: 7 }, (_, back) => newest - back * 5 * SECOND).filter((end) => end >= came);
  return ends.some((end) =>
    [0, 1, 2].every((window) => {
      const until = end - window * MINUTE;
      return logged.filter((ts) => ts <= until && ts > until - MINUTE).length >= 2;
    }),
  );
}
