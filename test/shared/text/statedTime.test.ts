import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseStatedTime } from '../../../shared/text/statedTime.js';

const iso = (text: string) => {
  const time = parseStatedTime(text);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('parseStatedTime', () => {
  it.each([
    ['2026-12-05T22:00Z', '2026-12-05T22:00:00.000Z'],
    ['2026-12-05 22:00:30 UTC', '2026-12-05T22:00:30.000Z'],
    [' 2026-12-05 22:00+01:00 ', '2026-12-05T21:00:00.000Z'],
    ['2026-12-05T22:00 -0330', '2026-12-06T01:30:00.000Z'],
    ['2026-12-05 22:00 Europe/Berlin', '2026-12-05T21:00:00.000Z'],
    ['2026-07-05T22:00 Asia/Kolkata', '2026-07-05T16:30:00.000Z'],
    ['2026-07-05 22:00 America/Argentina/Buenos_Aires', '2026-07-06T01:00:00.000Z'],
    // The clocks of Berlin show 02:30 twice on 25 October, and never on 29 March.
    ['2026-10-25 02:30 Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-03-29 02:30 Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ])('%j is %s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it.each([
    ['', 'tomorrow', '2026-12-05', '2026-12-05T22:00', '22:00Z', '2026-12-05T22:00 Berlin'],
    ['2026-02-30T10:00Z', '2026-13-01T10:00Z', '2026-12-05T25:00Z', '2026-12-05T22:60Z', '2026-12-05T24:00Z'],
    ['2026-12-05 22:00 Europe/Nowhere', '2026-12-05T22:00+15:00', '2026-12-05T22:00+01:75', '0000-00-00T00:00Z'],
  ])('takes none of %j, %j, …', (...texts) => {
    for (const text of texts) expect([text, parseStatedTime(text)]).toEqual([text, undefined]);
  });

  it('finds every minute of a zone again by what its clocks show, or the one that they showed it at first', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia'];
    const start = Date.UTC(2026, 0, 1) / 60_000;
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: start, max: start + 366 * 1440 }), (zone, minutes) => {
        const time = minutes * 60_000;
        // Sweden writes dates as ISO 8601 does.
        const clocks = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
        const shown = clocks.format(time);
        const found = parseStatedTime(`${shown} ${zone}`) ?? Number.NaN;
        expect(clocks.format(found)).toBe(shown);
        expect([0, 30 * 60_000, 3_600_000]).toContain(time - found);
      }),
    );
  });
});
