import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileTimestampPattern } from '../../../../local/firehose/dates/timestampPattern.js';

/** A Friday, 345 ms after the second. */
const at = Date.UTC(2026, 0, 2, 3, 4, 5, 345);
const evening = Date.UTC(2026, 7, 31, 21, 30);

const instants = fc.integer({ min: 0, max: Date.UTC(9999, 11, 30) });
const zones = fc.constantFrom(
  'UTC',
  'Asia/Calcutta',
  'America/New_York',
  'Europe/Berlin',
  'Pacific/Kiritimati',
  'America/St_Johns',
  'Australia/Lord_Howe',
);

describe('compileTimestampPattern', () => {
  it.each([
    ['yyyy-MM-dd-HH-mm-ss', '2026-01-02-03-04-05'],
    ["yyyy/'day' dd", '2026/day 02'],
    ["HH'h'''mm", "03h'04"],
    ["''yyyy", "'2026"],
    ['y yy yyyyy u', '2026 26 02026 2026'],
    ['yyyy[/MM[/dd]]', '2026/01/02'],
    ['M MM MMM MMMM MMMMM L LLLL', '1 01 Jan January J 1 January'],
    ['d D DDD', '2 2 002'],
    ['Q QQ QQQ QQQQ q', '1 01 Q1 1st quarter 1'],
    ['E EEEE EEEEE e ee eee c cccc', 'Fri Friday F 6 06 Fri 6 Friday'],
    ['Y w ww W F', '2026 1 01 1 1'],
    ['h hh K k a B', '3 03 3 3 AM at night'],
    ['S SSS SSSSSS n A N', '3 345 345000 345000000 11045345 11045345000000'],
    ['G GGGG GGGGG', 'AD Anno Domini A'],
    ['g', '61042'],
    ['X XXX x xx xxx Z ZZZZ ZZZZZ', 'Z Z +00 +0000 +00:00 +0000 GMT Z'],
    ['z zzzz v vvvv O OOOO', 'UTC Coordinated Universal Time UTC Coordinated Universal Time GMT GMT'],
  ])('formats %s', (pattern, expected) => {
    expect(compileTimestampPattern(pattern)(at)).toBe(expected);
  });

  it.each([
    ['Asia/Calcutta', "yyyy-MM-dd'T'HH:mm:ssXXX", '2026-09-01T03:00:00+05:30'],
    ['America/Los_Angeles', 'yyyy-MM-dd HH X zzzz v', '2026-08-31 14 -07 Pacific Daylight Time PT'],
    ['Asia/Calcutta', 'X XX XXXX ZZZZ O', '+0530 +0530 +0530 GMT+05:30 GMT+5:30'],
    ['UTC', 'h a k K B', '9 PM 21 9 at night'],
    ['UTC', 'Y-w W', '2026-36 6'],
  ])('formats in %s as %s', (timeZone, pattern, expected) => {
    expect(compileTimestampPattern(pattern)(evening, timeZone)).toBe(expected);
  });

  it('counts the days from Sunday of the last week to the next year', () => {
    expect(compileTimestampPattern('YYYY-ww')(Date.UTC(2025, 11, 28))).toBe('2026-01');
    expect(compileTimestampPattern('YYYY-ww')(Date.UTC(2025, 11, 27))).toBe('2025-52');
  });

  // As seen when all letters were tried on CreateDeliveryStream.
  it.each([...'CIJPRTUVbfijloprt'])('refuses the letter %s unless it is quoted', (letter) => {
    expect(() => compileTimestampPattern(`yyyy${letter}`)).toThrow(`the letter "${letter}" means nothing`);
    expect(compileTimestampPattern(`yyyy'${letter}'`)(at)).toBe(`2026${letter}`);
  });

  it.each([...'ABDEFGHKLMNOQSWXYZacdeghkmnqsuvwxyz'])('knows the letter %s', (letter) => {
    expect(compileTimestampPattern(letter)(at)).not.toBe('');
  });

  it.each([
    ['ddd', '3 times "d"'],
    ['aa', '2 times "a"'],
    ['cc', '2 times "c"'],
    ['MMMMMM', '6 times "M"'],
    ['SSSSSSSSSS', '10 times "S"'],
    ["yyyy'T", 'is not closed'],
    ['yyyy]', 'closes no "["'],
    ['yyyy#', '"#" in the timestamp pattern "yyyy#" must be quoted'],
  ])('refuses %s', (pattern, message) => {
    expect(() => compileTimestampPattern(pattern)).toThrow(message);
  });

  it('agrees with ISO 8601 for every instant', () => {
    const format = compileTimestampPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
    fc.assert(fc.property(instants, (instant) => expect(format(instant)).toBe(new Date(instant).toISOString())));
  });

  it('shows an instant that reads back as itself in every zone', () => {
    const format = compileTimestampPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");
    // Offsets are whole minutes since 1972.
    const modern = fc.integer({ min: Date.UTC(1973, 0, 1), max: Date.UTC(9999, 11, 30) });
    fc.assert(
      fc.property(modern, zones, (instant, timeZone) => expect(Date.parse(format(instant, timeZone))).toBe(instant)),
    );
  });

  it('names months, days and hours as Intl does', () => {
    const format = compileTimestampPattern('EEEE, MMMM d, h a');
    fc.assert(
      fc.property(instants, zones, (instant, timeZone) => {
        const part = (options: Intl.DateTimeFormatOptions) =>
          new Intl.DateTimeFormat('en-US', { timeZone, ...options }).format(instant);
        const date = part({ weekday: 'long', month: 'long', day: 'numeric' });
        const hour = part({ hour: 'numeric', hour12: true }).replace(/\s/, ' ');
        expect(format(instant, timeZone)).toBe(`${date}, ${hour}`);
      }),
    );
  });

  it('numbers the weeks of a year without gaps', () => {
    const format = compileTimestampPattern('w');
    fc.assert(
      fc.property(instants, (instant) => {
        const [week, next] = [Number(format(instant)), Number(format(instant + 7 * 86_400_000))];
        expect(next === week + 1 || (next === 1 && week >= 52)).toBe(true);
      }),
    );
  });

  it('either compiles a pattern or says why not', () => {
    const units = fc.constantFrom(...'yMdHhmsEQXzp', "'", '[', ']', '-', '/', '#');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: units })), instants, zones, (pattern, instant, timeZone) => {
        let format: ReturnType<typeof compileTimestampPattern>;
        try {
          format = compileTimestampPattern(pattern);
        } catch (error) {
          expect(String(error)).toMatch(/means nothing in|is not closed|closes no|must be quoted/);
          return;
        }
        expect(typeof format(instant, timeZone)).toBe('string');
      }),
    );
  });
});
