import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ActiveHours, awakeFor, isUsuallySilent, withActive } from '../../../shared/conditions/activeHours.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A Monday. */
const monday = Date.UTC(2026, 0, 5);

function seenIn(hours: readonly number[]): ActiveHours {
  const all = hours.reduce<ActiveHours | undefined>((seen, hour) => withActive(seen, monday + hour * HOUR), undefined);
  if (!all) throw new Error('no hours');
  return all;
}

function officeHours(days: readonly number[]): number[] {
  return days.flatMap((day) => Array.from({ length: 10 }, (_, hour) => day * 24 + 8 + hour));
}

const hourOf = (hour: number) => monday / HOUR + hour;

describe('the hours in which a key had lines', () => {
  it('are those of the last week, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 }), (hours) => {
        const { last, bits } = seenIn(hours);
        const newest = Math.max(...hours);
        expect(last).toBe(hourOf(newest));
        const seen = Array.from({ length: 168 }, (_, back) => back).filter(
          (back) => (BigInt(`0x${bits}`) >> BigInt(back)) & 1n,
        );
        // An hour that came when the newest of its time was a week later is not known again; none does here that is older.
        const known = new Set(hours.filter((hour) => hour > newest - 168).map((hour) => newest - hour));
        for (const back of seen) expect(known).toContain(back);
        expect(seen).toContain(0);
        expect(bits.length).toBeLessThanOrEqual(42);
      }),
    );
  });

  it('are all known of a week in order', () => {
    const { bits } = seenIn(Array.from({ length: 500 }, (_, hour) => hour));
    expect(BigInt(`0x${bits}`)).toBe((1n << 168n) - 1n);
  });
});

describe('silence', () => {
  it('is usual at night from the second day on', () => {
    const hours = seenIn(officeHours([0, 1]).slice(0, 20));
    expect(isUsuallySilent(hours, hourOf(24 + 19))).toBe(true);
    expect(isUsuallySilent(hours, hourOf(24 + 12))).toBe(false);
  });

  it('is not usual where it was once, later on', () => {
    const withHole = officeHours([0, 1, 2]).filter((hour) => hour !== 36);
    expect(isUsuallySilent(seenIn(withHole), hourOf(3 * 24 + 12))).toBe(false);
    const twice = withHole.filter((hour) => hour !== 60);
    expect(isUsuallySilent(seenIn(twice), hourOf(3 * 24 + 12))).toBe(true);
    const afterWeek = officeHours([0, 1, 2, 3, 4, 5, 6, 7]).filter((hour) => hour !== 36);
    expect(isUsuallySilent(seenIn(afterWeek), hourOf(8 * 24 + 12))).toBe(false);
  });

  it('is usual where it was a week before', () => {
    const weekdays = seenIn(officeHours([0, 1, 2, 3, 4, 7, 8, 9, 10, 11]));
    expect(isUsuallySilent(weekdays, hourOf(12 * 24 + 12))).toBe(true);
    expect(isUsuallySilent(weekdays, hourOf(14 * 24 + 12))).toBe(false);
  });

  it('tells nothing of itself: hours after the latest with lines are not looked at', () => {
    const hours = seenIn(Array.from({ length: 48 }, (_, hour) => hour));
    for (let hour = 48; hour < 240; hour++) expect(isUsuallySilent(hours, hourOf(hour))).toBe(false);
  });
});

describe('a span in which lines are expected', () => {
  it('ends at once by day, and in the morning by night', () => {
    const hours = seenIn(officeHours([0, 1]));
    const noon = monday + 36 * HOUR;
    expect(awakeFor(hours, 15 * MINUTE, noon)).toBe(noon);
    const evening = monday + (24 + 18) * HOUR + 14 * MINUTE;
    expect(awakeFor(hours, 15 * MINUTE, evening)).toBe(monday + (48 + 8) * HOUR + 15 * MINUTE);
  });

  it('agrees with a look at each minute', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 0, max: 48 * 60 }),
        (active, length, later) => {
          const hours = seenIn(active);
          const from = (hours.last + 1) * HOUR + later * MINUTE;
          const isAwake = (minute: number) => !isUsuallySilent(hours, Math.floor((minute * MINUTE) / HOUR));
          const fits = (end: number) =>
            Array.from({ length }, (_, back) => end / MINUTE - 1 - back).every((minute) => isAwake(minute));
          let expected = from;
          while (expected < from + 168 * HOUR && !fits(expected)) expected += MINUTE;
          const found = awakeFor(hours, length * MINUTE, from);
          expect(found >= from + 168 * HOUR ? 'none' : found).toBe(expected >= from + 168 * HOUR ? 'none' : expected);
        },
      ),
      { numRuns: 30 },
    );
  });
});
