import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isMuted, type StatedMute, toMuteTime } from '../../../../shared/rules/language/muteTimes.js';
import { isTimeZone } from '../../../../shared/text/wallClock.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

function muted(stated: StatedMute, time: string): boolean {
  return isMuted([toMuteTime(stated)], Date.parse(time));
}

describe('isMuted', () => {
  // 2026-01-05 is a Monday.
  it.each<[string, StatedMute, string, boolean]>([
    ['within', { from: '09:00', to: '17:00' }, '2026-01-05T09:00:00Z', true],
    ['before', { from: '09:00', to: '17:00' }, '2026-01-05T08:59:59.999Z', false],
    ['at the end', { from: '09:00', to: '17:00' }, '2026-01-05T17:00:00Z', false],
    ['on the day', { days: ['mon'] }, '2026-01-05T23:59:59Z', true],
    ['on the day before', { days: ['mon'] }, '2026-01-04T23:59:59Z', false],
    ['until midnight', { from: '22:00', to: '24:00' }, '2026-01-05T23:59:59Z', true],
    ['after midnight', { from: '22:00', to: '24:00' }, '2026-01-06T00:00:00Z', false],
    ['in the evening of the night', { days: ['fri'], from: '22:00', to: '06:00' }, '2026-01-09T22:00:00Z', true],
    ['in the morning after', { days: ['fri'], from: '22:00', to: '06:00' }, '2026-01-10T05:59:00Z', true],
    ['in the morning of the day itself', { days: ['fri'], from: '22:00', to: '06:00' }, '2026-01-09T05:59:00Z', false],
    ['on Sunday morning after Saturday', { days: ['sat'], from: '22:00', to: '06:00' }, '2026-01-11T05:00:00Z', true],
    ['for a whole day from nine', { days: ['mon'], from: '09:00', to: '09:00' }, '2026-01-06T08:59:00Z', true],
    ['an hour ahead', { days: ['mon'], zone: 'Europe/Berlin' }, '2026-01-04T23:00:00Z', true],
    ['two hours ahead in summer', { days: ['mon'], zone: 'Europe/Berlin' }, '2026-07-05T22:00:00Z', true],
    ['behind', { from: '19:00', to: '20:00', zone: 'America/New_York' }, '2026-01-05T00:30:00Z', true],
    ['half an hour off', { from: '05:30', to: '06:00', zone: 'Asia/Kolkata' }, '2026-01-05T00:00:00Z', true],
    // 2026-03-29, 02:00 in Berlin: the clock goes to 03:00.
    ['until the missing hour', { from: '01:00', to: '02:30', zone: 'Europe/Berlin' }, '2026-03-29T00:59:00Z', true],
    ['past the missing hour', { from: '01:00', to: '02:30', zone: 'Europe/Berlin' }, '2026-03-29T01:00:00Z', false],
    // 2026-10-25, 03:00 in Berlin: the clock goes back to 02:00.
    ['in the first of two hours', { from: '02:00', to: '02:30', zone: 'Europe/Berlin' }, '2026-10-25T00:10:00Z', true],
    ['between the two', { from: '02:00', to: '02:30', zone: 'Europe/Berlin' }, '2026-10-25T00:40:00Z', false],
    ['in the second of them', { from: '02:00', to: '02:30', zone: 'Europe/Berlin' }, '2026-10-25T01:10:00Z', true],
  ])('%s', (_name, stated, time, expected) => {
    expect(muted(stated, time)).toBe(expected);
  });

  it('is never so without mute times, and so when one of several covers it', () => {
    const at = Date.parse('2026-01-05T12:00:00Z');
    expect(isMuted([], at)).toBe(false);
    expect(isMuted([toMuteTime({ days: ['tue'] }), toMuteTime({ days: ['mon'] })], at)).toBe(true);
  });

  it('covers, of any course of days, just the minutes from each beginning to its end', () => {
    fc.assert(
      fc.property(time, (mute) => {
        const covered = new Set<number>();
        const length = ((mute.to - mute.from + 1440 - 1) % 1440) + 1;
        // Sunday 2026-01-04 and the seven days after, on a clock that is never changed; from a day before, for its night.
        for (let day = -1; day < 8; day++) {
          if (mute.days.length > 0 && !mute.days.includes((day + 7) % 7)) continue;
          for (let minute = 0; minute < length; minute++) covered.add(day * 1440 + mute.from + minute);
        }
        for (let minute = 0; minute < 8 * 1440; minute += 7) {
          const now = Date.UTC(2026, 0, 4) + minute * MINUTE;
          expect(isMuted([{ ...mute, zone: 'UTC' }], now)).toBe(covered.has(minute));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('goes by the clock on the wall in Berlin, whatever the season', () => {
    fc.assert(
      fc.property(time, fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) }), (mute, now) => {
        const wall = now + berlinOffset(now);
        expect(isMuted([{ ...mute, zone: 'Europe/Berlin' }], now)).toBe(isMuted([{ ...mute, zone: 'UTC' }], wall));
      }),
    );
  });
});

const minutes = fc.integer({ min: 0, max: 1439 });
const time = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 })),
  from: minutes,
  to: minutes,
  zone: fc.constant('UTC'),
});

/** One hour, and two from the last Sunday of March to that of October, 01:00 UTC each (Directive 2000/84/EC). */
function berlinOffset(now: number): number {
  const year = new Date(now).getUTCFullYear();
  const [march, october] = [2, 9].map((month) => {
    const last = Date.UTC(year, month, 31, 1);
    return last - new Date(last).getUTCDay() * DAY;
  });
  return now >= (march ?? 0) && now < (october ?? 0) ? 120 * MINUTE : 60 * MINUTE;
}

describe('isTimeZone', () => {
  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['America/Argentina/Buenos_Aires', true],
    ['Berlin', false],
    ['', false],
  ])('%j: %s', (zone, expected) => {
    expect(isTimeZone(zone)).toBe(expected);
  });
});
