import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextAfter, parseWeekTime, type WeekTime } from '../../../shared/text/weekTimes.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const never = Number.POSITIVE_INFINITY;

function read(text: string): WeekTime {
  const time = parseWeekTime(text);
  if (typeof time === 'string') throw new Error(time);
  return time;
}

describe('parseWeekTime', () => {
  it.each([
    ['mon-fri 08:00-18:00 Asia/Tokyo', { days: [1, 2, 3, 4, 5], from: 480, to: 1080, zone: 'Asia/Tokyo' }],
    ['Sat-Mon,wed 22:00-06:00', { days: [6, 0, 1, 3], from: 1320, to: 360, zone: 'UTC' }],
    ['08:00 - 24:00', { days: [0, 1, 2, 3, 4, 5, 6], from: 480, to: 1440, zone: 'UTC' }],
    ['daily by 03:30 Europe/Berlin', { days: [0, 1, 2, 3, 4, 5, 6], by: 210, zone: 'Europe/Berlin' }],
    ['by 03:30', { days: [0, 1, 2, 3, 4, 5, 6], by: 210, zone: 'UTC' }],
  ])('reads %s', (text, expected) => expect(parseWeekTime(text)).toEqual({ ...expected, text }));

  it.each([
    ['every night', /"every night" is no time of the week; write for example "mon-fri 08:00-18:00 Asia\/Tokyo"/],
    ['mon-frei 08:00-18:00', /unknown days "mon-frei"/],
    ['mon-tue-wed 08:00-18:00', /unknown days/],
    ['08:00-25:00', /no such hour/],
    ['by 08:60', /no such hour/],
    ['by 08:00 Europe/Bern', /unknown time zone "Europe\/Bern"; write an IANA name/],
    ['8:00-18:00', /is no time of the week/],
  ])('says what is wrong with %s', (text, message) => expect(parseWeekTime(text)).toMatch(message));
});

describe('nextAfter', () => {
  // 2026-01-05 is a Monday.
  it.each([
    ['within a span', ['mon 08:00-18:00'], '2026-01-05T09:00:00Z', '2026-01-05T09:00:00Z'],
    ['to its end', ['mon 08:00-18:00'], '2026-01-05T18:00:00Z', '2026-01-05T18:00:00Z'],
    ['not before it was open for so long', ['mon 08:00-18:00'], '2026-01-05T08:01:00Z', '2026-01-05T08:15:00Z'],
    ['in the next span', ['mon-fri 08:00-18:00'], '2026-01-09T18:00:01Z', '2026-01-12T08:15:00Z'],
    ['over midnight', ['fri 22:00-06:00'], '2026-01-10T05:00:00Z', '2026-01-10T05:00:00Z'],
    ['where spans touch', ['daily 00:00-24:00'], '2026-01-06T00:01:00Z', '2026-01-06T00:01:00Z'],
    ['of several spans', ['08:00-09:00', '12:00-13:00'], '2026-01-06T09:30:00Z', '2026-01-06T12:15:00Z'],
    ['a week later', ['mon 08:00-18:00'], '2026-01-05T18:00:01Z', '2026-01-12T08:15:00Z'],
    ['at a deadline', ['daily by 03:30 Europe/Berlin'], '2026-01-05T00:00:00Z', '2026-01-05T02:30:00Z'],
    ['at the deadline itself', ['by 03:30'], '2026-01-05T03:30:00Z', '2026-01-05T03:30:00Z'],
    ['at a deadline in summer', ['daily by 03:30 Europe/Berlin'], '2026-07-05T00:00:00Z', '2026-07-05T01:30:00Z'],
    // 2026-03-29, 02:00 in Berlin: the clock goes to 03:00. 2026-10-25, 03:00: back to 02:00.
    ['in the missing hour', ['by 02:30 Europe/Berlin'], '2026-03-28T12:00:00Z', '2026-03-29T01:30:00Z'],
    ['in the first of two hours', ['by 02:30 Europe/Berlin'], '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z'],
    ['once in that night', ['by 02:30 Europe/Berlin'], '2026-10-25T00:30:01Z', '2026-10-26T01:30:00Z'],
    ['after a longer night', ['06:00-22:00 Europe/Berlin'], '2026-10-24T20:00:01Z', '2026-10-25T05:15:00Z'],
    ['after a shorter night', ['06:00-22:00 Europe/Berlin'], '2026-03-28T21:00:01Z', '2026-03-29T04:15:00Z'],
  ])('%s', (_name, texts, from, expected) => {
    expect(nextAfter(texts.map(read), 15 * MINUTE, Date.parse(from))).toBe(Date.parse(expected));
  });

  it('never comes where no span is as long', () => {
    expect(nextAfter([read('08:00-09:00')], HOUR + 1, 0)).toBe(never);
    expect(nextAfter([read('08:00-09:00')], HOUR, 0)).toBe(9 * HOUR);
  });

  const day = fc.subarray(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], { minLength: 1 });
  // Not in the hours that a change of the clock leaves out or repeats.
  const hour = fc.integer({ min: 5, max: 23 });
  const clock = fc.tuple(hour, fc.constantFrom(0, 30)).map(([h, m]) => `${String(h).padStart(2, '0')}:${m || '00'}`);
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
  const times = fc.array(
    fc.oneof(
      fc.tuple(day, clock, clock, zone).map(([on, from, to, at]) => `${on.join(',')} ${from}-${to} ${at}`),
      fc.tuple(day, clock, zone).map(([on, by, at]) => `${on.join(',')} by ${by} ${at}`),
    ),
    { minLength: 1, maxLength: 3 },
  );

  it('is the first minute of the calendar at which it is so, whatever the clocks do', () => {
    const anytime = fc.integer({ min: Date.UTC(2026, 0) / MINUTE, max: Date.UTC(2027, 0) / MINUTE });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 40 }), anytime, (texts, halfHours, minute) => {
        const [length, from] = [halfHours * 30 * MINUTE, Math.floor(minute / 30) * 30 * MINUTE];
        expect(nextAfter(texts.map(read), length, from)).toBe(byCalendar(texts, length, from));
      }),
      { numRuns: 60 },
    );
  });
});

/** Looks at the clock on the wall every half hour. */
function byCalendar(texts: readonly string[], length: number, from: number): number {
  const STEP = 30 * MINUTE;
  let open = 0;
  for (let at = from - 2 * 24 * HOUR; at < from + 9 * 24 * HOUR; at += STEP) {
    const isOpen = texts.some((text) => shows(text, at).isOpen);
    const isDeadline = texts.some((text) => shows(text, at).isDeadline);
    if (at >= from && (isDeadline || open >= length)) return at;
    open = isOpen ? open + STEP : 0;
  }
  return never;
}

function shows(text: string, at: number): { isOpen: boolean; isDeadline: boolean } {
  const [days = '', time = '', ...rest] = text.split(' ');
  const zone = rest.at(-1) ?? 'UTC';
  const shown = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone },
  }).format(at);
  const [weekday = '', clock = ''] = shown.toLowerCase().split(' ');
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const yesterday = names[(names.indexOf(weekday) + 6) % 7] ?? '';
  const on = days.split(',');
  if (time === 'by') return { isOpen: false, isDeadline: on.includes(weekday) && clock === rest[0] };
  const [from = '', to = ''] = time.split('-');
  const isOpen =
    from < to
      ? on.includes(weekday) && clock >= from && clock < to
      : (on.includes(weekday) && clock >= from) || (on.includes(yesterday) && clock < to);
  return { isOpen, isDeadline: false };
}
