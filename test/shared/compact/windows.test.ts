import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayBeside, recordHourOf, startOf, windowAfter, windowAt } from '../../../shared/compact/windows.js';
import { arrivedHour } from '../../../shared/line/partition.js';

const time = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2100-01-01') });

describe('windows', () => {
  it('are named after their first hour of arrival, which is as it stands in keys', () => {
    fc.assert(fc.property(time, (ms) => expect(windowAt(ms, 'hour')).toBe(arrivedHour(ms))));
    expect(windowAt(Date.parse('2026-11-28T18:59:59.999Z'), 'day')).toBe('2026-11-28-00');
  });

  it('follow each other without a gap, and sort by time', () => {
    fc.assert(
      fc.property(time, fc.constantFrom('hour' as const, 'day' as const), (ms, length) => {
        const window = windowAt(ms, length);
        const next = windowAfter(window, length);
        expect(startOf(window)).toBeLessThanOrEqual(ms);
        expect(startOf(next)).toBeGreaterThan(ms);
        expect(next > window).toBe(true);
        expect(windowAt(startOf(next) - 1, length)).toBe(window);
      }),
    );
  });

  it('end with the day when hours are followed by days', () => {
    expect(windowAfter('2026-11-28-13', 'day')).toBe('2026-11-29-00');
    expect(windowAfter('2026-11-28-23', 'hour')).toBe('2026-11-29-00');
  });
});

it('counts days over months and years', () => {
  expect(dayBeside('2026-01-01', -1)).toBe('2025-12-31');
  expect(dayBeside('2026-11-28', -395)).toBe('2025-10-29');
});

it('names the hours of records by five digits', () => {
  expect(recordHourOf(0)).toBe('00000');
  expect(recordHourOf(Date.parse('2026-11-28T18:00:00Z'))).toBe('79caa');
});
