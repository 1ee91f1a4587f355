import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Past, trendOf, withPassed } from '../../../shared/conditions/past.js';
import { usualOf } from '../../../shared/signals/trend.js';

const WINDOW = 60;
const empty: Past = { since: 0, windows: [] };

const bucket = (at: number, lines: number) => ({ at, level: [lines] as const });

describe('trendOf', () => {
  it('shows the twelve windows before the one that is told of, and that one last', () => {
    const buckets = Array.from({ length: 30 }, (_, n) => bucket(n * WINDOW, n));
    const trend = trendOf({ ...empty, since: -1 }, buckets, 29 * WINDOW, { window: WINDOW, width: WINDOW });
    expect(trend).toEqual({ windows: [17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29], unit: 'lines' });
  });

  it('leaves out windows that are known in part alone, and takes one without lines for none', () => {
    const past: Past = {
      since: 30,
      windows: [
        [0, 5],
        [60, 7],
        [180, 9],
      ],
    };
    // The window that is told of begins at 270 and so in that of 240.
    expect(trendOf(past, [bucket(240, 4), bucket(330, 50)], 330, { window: WINDOW, width: 5 })).toEqual({
      windows: [7, 0, 9, 50],
      unit: 'lines',
    });
  });

  it('says nothing of before the first line', () => {
    expect(trendOf({ since: 300, windows: [] }, [bucket(300, 4)], 330, { window: WINDOW, width: 5 })).toBeUndefined();
  });

  it('gives shares where buckets have them', () => {
    const past: Past = {
      since: -1,
      windows: [
        [0, 1, 100],
        [60, 3, 0],
      ],
    };
    const told = [{ at: 150, level: [1, 3] as const }];
    expect(trendOf(past, told, 150, { window: WINDOW, width: 5 })).toEqual({ windows: [0.01, 0.333], unit: 'share' });
  });

  it('is the same whether buckets are still there or have passed, in whatever order', () => {
    const lines = fc.array(fc.tuple(fc.nat({ max: 200 }), fc.integer({ min: 1, max: 9 })), { maxLength: 60 });
    fc.assert(
      fc.property(lines, fc.nat({ max: 200 }), (seen, split) => {
        const buckets = seen.map(([at, count]) => bucket(at * 5, count)).sort((a, b) => a.at - b.at);
        const end = 200 * 5;
        const [passed, there] = [
          buckets.filter(({ at }) => at <= Math.min(split * 5, end - WINDOW)),
          buckets.filter(({ at }) => at > Math.min(split * 5, end - WINDOW)),
        ];
        const past = passed.reduce((before, each) => withPassed(before, [each], WINDOW), { ...empty, since: 1 });
        expect(past.windows.length).toBeLessThanOrEqual(13);
        const model = Array.from({ length: 12 }, (_, n) => 180 + n * WINDOW).map((from) =>
          buckets.filter(({ at }) => at >= from && at < from + WINDOW).reduce((sum, { level }) => sum + level[0], 0),
        );
        const told = buckets.filter(({ at }) => at > end - WINDOW).reduce((sum, { level }) => sum + level[0], 0);
        // 940 is in the window of 900, which is not whole.
        expect(trendOf(past, there, end, { window: WINDOW, width: 5 })?.windows).toEqual([...model, told]);
      }),
    );
  });
});

describe('usualOf', () => {
  it('is what half of the windows before had at most, of at least three', () => {
    expect(usualOf({ windows: [9, 1, 4, 100], unit: 'lines' })).toBe(4);
    expect(usualOf({ windows: [9, 1, 4, 0, 100], unit: 'lines' })).toBe(1);
    expect(usualOf({ windows: [9, 1, 100], unit: 'lines' })).toBeUndefined();
  });
});
