import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatTimestamp } from '../../../../shared/line/timestamp.js';
import {
  parseClfTime,
  parseEpoch,
  parseIsoTime,
  parseNamedTime,
  parseTime,
} from '../../../../shared/parse/values/time.js';

const instants = fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2099, 11, 30) });

describe('parseIsoTime', () => {
  it.each([
    ['2026-11-22T16:41:02Z', '2026-11-22T16:41:02.000Z'],
    ['2026-11-22 16:41:02.1234567 UTC', '2026-11-22T16:41:02.123Z'],
    ['2026-11-22T16:41:02,5+01:00', '2026-11-22T15:41:02.500Z'],
    ['2026-11-22T16:41:02-0530', '2026-11-22T22:11:02.000Z'],
    ['2026-11-22T16:41:02+02', '2026-11-22T14:41:02.000Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(parseIsoTime(text) ?? 0).toISOString()).toBe(expected);
  });

  it.each(['2026-11-22T16:41:02', '2026-13-22T16:41:02Z', '1970-01-01T00:00:00Z', 'yesterday', ''])(
    'leaves %j to others',
    (text) => {
      expect(parseIsoTime(text)).toBeUndefined();
    },
  );

  it('reads back every instant', () => {
    fc.assert(fc.property(instants, (ms) => expect(parseIsoTime(new Date(ms).toISOString())).toBe(ms)));
  });
});

it('parseClfTime knows the months and the zone', () => {
  expect(parseClfTime('01/Feb/2026:00:00:00 -0100')).toBe(Date.UTC(2026, 1, 1, 1));
  expect(parseClfTime('01/Fob/2026:00:00:00 +0000')).toBeUndefined();
});

describe('parseNamedTime', () => {
  it.each([
    'Sun, 22 Nov 2026 16:41:02 GMT',
    '22 Nov 2026 17:41:02 +0100',
    '22-Nov-2026 16:41:02 UTC',
    'Nov 22, 2026 4:41:02 PM UTC',
    'November 22, 2026, 4:41:02\u202fPM GMT',
    'Sun Nov 22 16:41:02 UTC 2026',
    'Sun Nov 22 17:41:02 +0100 2026',
  ])('reads %s', (text) => {
    expect(parseNamedTime(text)).toBe(Date.UTC(2026, 10, 22, 16, 41, 2));
    expect(parseTime(text)).toBe(parseNamedTime(text));
  });

  it('knows noon and midnight on a clock of 12 hours', () => {
    expect(parseNamedTime('Nov 22, 2026 12:00:00 AM UTC')).toBe(Date.UTC(2026, 10, 22, 0));
    expect(parseNamedTime('Nov 22, 2026 12:00:00 PM UTC')).toBe(Date.UTC(2026, 10, 22, 12));
  });

  it.each([
    '22-Nov-2026 16:41:02',
    '22-Nov-2026 16:41:02 Europe/Berlin',
    'Sun Nov 22 16:41:02 2026',
    'Nov 22, 2026 13:41:02 PM UTC',
    '22 Nev 2026 16:41:02 GMT',
    '11/22/2026 4:41:02 PM',
  ])('leaves %s to the collector', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('reads back every second', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        const second = Math.floor(ms / 1000) * 1000;
        expect(parseNamedTime(new Date(ms).toUTCString())).toBe(second);
      }),
    );
  });
});

it('parseEpoch tells the unit by the size', () => {
  const ms = Date.UTC(2026, 10, 22, 16, 41, 2, 123);
  for (const value of [ms, ms * 1000, ms * 1e6]) expect(parseEpoch(value)).toBe(ms);
  expect(parseEpoch(ms / 1000)).toBe(ms);
  expect(parseEpoch(3877621165.77)).toBe(3877621165770);
  expect(parseEpoch(17)).toBeUndefined();
});

it('parseTime reads digits as an epoch and nothing else as a time', () => {
  expect(parseTime('1795365696.256')).toBe(1795365696256);
  for (const value of ['17', 'now', true, null, {}, Number.NaN]) expect(parseTime(value)).toBeUndefined();
});

it('formatTimestamp writes UTC to the millisecond', () => {
  fc.assert(
    fc.property(instants, (ms) =>
      expect(formatTimestamp(ms)).toBe(new Date(ms).toISOString().replace('T', ' ').replace('Z', '')),
    ),
  );
});

it.each([
  ['2026-11-22, 16:41:02 UTC', '2026-11-22T16:41:02.000Z'],
  ['2026-11-22, 16:41:02.5 +0100', '2026-11-22T15:41:02.500Z'],
  ['2026/1/2 6:41:02 +0000', '2026-01-02T06:41:02.000Z'],
])('parseTime reads %j, which is nearly ISO 8601', (text, expected) => {
  expect(new Date(parseTime(text) ?? 0).toISOString()).toBe(expected);
});
