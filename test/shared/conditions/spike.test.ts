import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { lines, observed, type WindowCase } from '../../helpers/windows.js';

describe('spike: 3 times the 5 minutes before, at least 10 lines', () => {
  const rule = aRule({ type: 'spike', window: 5 * MINUTE, factor: 3, minCount: 10, minPrevious: 1, lateness: 0 });

  it.each<WindowCase>([
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

describe('spike: 3 times what is usual at the same hour of the day', () => {
  const HOUR = 3600;
  const DAY = 24 * HOUR;
  const settings = { window: 5 * MINUTE, factor: 3, minCount: 10, minPrevious: 1, lateness: 0 } as const;
  const rule = aRule({ type: 'spike', ...settings, baseline: 'day' });

  it('learns a nightly batch with errors in a night, also when it comes a little earlier, and still sees more of them', () => {
    const night = (day: number, seconds: number, count: number) => lines(day * DAY + seconds, count);
    const batches = [0, 1, 2, 3].flatMap((day) => [
      night(day, 2 * HOUR, 1),
      night(day, day === 2 ? 2.9 * HOUR : 3 * HOUR, day === 3 ? 300 : 50),
      night(day, 12 * HOUR, 1),
    ]);
    expect(observed(rule, batches)).toEqual([
      ...['quiet', [50, 50, 0], 'quiet'],
      ...['quiet', 'quiet', 'quiet'],
      ...['quiet', 'quiet', 'quiet'],
      ...['quiet', [300, 300, 26, 'day'], 'quiet'],
    ]);
  });

  it('compares with the window before for as long as the hour is not known', () => {
    const batches = [lines(0, 4), lines(300, 11), lines(310, 1)];
    expect(observed(rule, batches)).toEqual(observed(aRule({ type: 'spike', ...settings }), batches));
  });

  it('sees what grows too slowly for the window before', () => {
    const steady = Array.from({ length: 48 }, (_, half) => lines(half * 1800, 10));
    const growing = [12, 16, 22, 31].map((count, window) => lines(DAY + 6 * HOUR + window * 300, count));
    const seen = observed(rule, [...steady, lines(DAY, 10), lines(DAY + 3 * HOUR, 10), ...growing]);
    expect(seen.slice(-4)).toEqual(['quiet', 'quiet', 'quiet', [31, 31, 10, 'day']]);
  });
});

describe('spike: 3 times what came right before and an hour before', () => {
  const [window, step] = [600, 50];
  const rule = aRule({
    type: 'spike',
    window: window * 1000,
    factor: 3,
    minCount: 10,
    minPrevious: 1,
    lateness: 0,
    baseline: 'hour',
  });

  it('knows what comes every hour or half of one from the second hour on, and sees one that is worse', () => {
    const every = (minutes: number) => [0, 1, 2, 3].map((turn) => lines(turn * minutes * 60, turn === 3 ? 100 : 20));
    expect(observed(rule, every(60))).toEqual([[20, 20, 0], 'quiet', 'quiet', [100, 100, 20, 'hour']]);
    expect(observed(rule, every(30))).toEqual([[20, 20, 0], [20, 20, 0], 'quiet', [100, 100, 20, 'hour']]);
  });

  it('knows what comes every night from the second one on, in windows of its own, and sees one that is worse', () => {
    const night = (turn: number, count: number) => lines(turn * 86_400 + (turn % 2) * 300, count);
    expect(observed(rule, [night(0, 20), night(1, 20), night(2, 20), night(3, 100)])).toEqual([
      [20, 20, 0],
      'quiet',
      'quiet',
      [100, 100, 20, 'day before'],
    ]);
    // Two days ago is too long.
    expect(observed(rule, [night(0, 20), night(2, 20)])).toEqual([
      [20, 20, 0],
      [20, 20, 0],
    ]);
  });

  it('knows the hour before as a reading of all lines does', () => {
    const batches = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 60 })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(batches, (stated) => {
        const all = [...new Map(stated).entries()].sort(([a], [b]) => a - b).map(([at, n]) => [at * step, n] as const);
        const seen = observed(
          rule,
          all.map(([seconds, count]) => lines(seconds, count)),
        ).map((each) => (Array.isArray(each) ? each.slice(1, 3) : each));
        expect(seen).toEqual(all.map(([end], index) => expected(all.slice(0, index + 1), end)));
      }),
    );
  });

  function expected(all: readonly (readonly [at: number, count: number])[], end: number) {
    const from = (after: number, until: number) =>
      all.filter(([at]) => at > after && at <= until).reduce((sum, [, count]) => sum + count, 0);
    const [current, before] = [from(end - window, end), from(end - 2 * window, end - window)];
    // Windows of the hour before begin at multiples of the epoch.
    const first = -((T0 / 1000) % window);
    const starts = Array.from({ length: 40 }, (_, turn) => first + turn * window);
    const hourBefore = starts
      .filter((start) => start > end - 3600 - 2 * window && start <= end - 3600 + window)
      .map((start) => from(start - 1, start + window - 1));
    const previous = Math.max(before, ...hourBefore);
    return current >= 10 && current >= 3 * Math.max(previous, 1) ? [current, previous] : 'quiet';
  }
});
