import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bars, columnAt, columnsOf, digits, scale } from '../../../local/backtest/chart.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const midnight = Date.parse('2026-11-22T00:00:00Z');

describe('bars', () => {
  it('draws eighths of the highest count', () => {
    expect(bars([0, 1, 2, 3, 4, 5, 6, 7, 8])).toBe(' ▁▂▃▄▅▆▇█');
  });

  it('shows a single line beside a million', () => {
    expect(bars([1, 1_000_000, 0])).toBe('▁█ ');
  });

  it('draws nothing for nothing', () => {
    expect(bars([0, 0, 0])).toBe('   ');
    expect(bars([])).toBe('');
  });
});

it('tells counts in one character each', () => {
  expect(digits([0, 1, 9, 10, 4000])).toBe(' 19++');
});

describe('columnsOf', () => {
  it.each([
    ['an hour', HOUR, 60, '1m'],
    ['a day', DAY, 72, '20m'],
    ['a week', 7 * DAY, 56, '3h'],
    ['a month', 30 * DAY, 60, '12h'],
    ['three years', 1096 * DAY, 70, '16d'],
  ])('covers %s', (_, length, count, width) => {
    const columns = columnsOf({ from: midnight, to: midnight + length }, 72);
    expect(columns.count).toBe(count);
    expect(columns.width).toBe(Number.parseInt(width, 10) * { m: 60_000, h: HOUR, d: DAY }[width.slice(-1) as 'm']);
  });

  it('covers every period with columns that fit, each time in the one it belongs to', () => {
    const times = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 1, max: 2000 * DAY }),
        fc.integer({ min: 20, max: 200 }),
        (from, length, most) => {
          const to = from + length;
          const columns = columnsOf({ from, to }, most);
          const { start, width, count } = columns;
          expect(count).toBeLessThanOrEqual(most);
          expect(start).toBeLessThanOrEqual(from);
          expect(start + width * count).toBeGreaterThanOrEqual(to);
          expect(columnAt(columns, from)).toBe(0);
          expect(columnAt(columns, to - 1)).toBe(count - 1);
          expect(columnAt(columns, to + DAY * 365)).toBe(count - 1);
        },
      ),
    );
  });
});

describe('scale', () => {
  it.each([
    ['a day', midnight, DAY, '╵11-22   ╵03:00   ╵06:00   ╵09:00   ╵12:00   ╵15:00   ╵18:00   ╵21:00'],
    ['an hour', midnight + HOUR / 2, HOUR, '╵00:30    ╵00:40    ╵00:50    ╵01:00    ╵01:10    ╵01:20'],
    ['a week', midnight, 7 * DAY, '╵11-22  ╵11-23  ╵11-24  ╵11-25  ╵11-26  ╵11-27  ╵11-28'],
  ])('names the times of %s', (_, from, length, line) => {
    expect(scale(columnsOf({ from, to: from + length }, 72))).toBe(line);
  });

  it('never runs one label into the next', () => {
    const times = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 1, max: 2000 * DAY }),
        fc.integer({ min: 20, max: 200 }),
        (from, length, most) => {
          expect(scale(columnsOf({ from, to: from + length }, most))).toMatch(/^( *╵\d\d[:-]\d\d(?= |$))*$/);
        },
      ),
    );
  });
});
