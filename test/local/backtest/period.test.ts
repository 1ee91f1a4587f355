import { describe, expect, it } from '@jest/globals';
import { parseMoment, parsePeriod } from '../../../local/backtest/period.js';

const now = Date.parse('2026-11-22T16:03:01.250Z');

describe('parseMoment', () => {
  it.each([
    ['now', '2026-11-22T16:03:01.250Z'],
    ['today', '2026-11-22T00:00:00Z'],
    ['yesterday', '2026-11-21T00:00:00Z'],
    ['-24h', '2026-11-21T16:03:01.250Z'],
    ['-90m', '2026-11-22T14:33:01.250Z'],
    ['-7d', '2026-11-15T16:03:01.250Z'],
    ['2026-11-20', '2026-11-20T00:00:00Z'],
    ['2026-11-20T08:30', '2026-11-20T08:30:00Z'],
    ['2026-11-20 08:30:15', '2026-11-20T08:30:15Z'],
    ['2026-11-20T08:30:15.5Z', '2026-11-20T08:30:15.500Z'],
    ['2026-11-20T08:30+01:00', '2026-11-20T07:30:00Z'],
    ['2026-11-20+02:00', '2026-11-19T22:00:00Z'],
  ])('%s', (text, moment) => {
    expect(new Date(parseMoment(text, now) ?? Number.NaN).toISOString()).toBe(new Date(moment).toISOString());
  });

  it.each(['', '24h', '-24', '-1w', 'tomorrow', '2026-13-01', '2026-11-20T25:00', '22.11.2026', '1700000000'])(
    'knows no time called %j',
    (text) => {
      expect(parseMoment(text, now)).toBeUndefined();
    },
  );
});

describe('parsePeriod', () => {
  it('says which option is wrong and how times are written', () => {
    expect(() => parsePeriod({ from: '-24h', to: 'later' }, now)).toThrow(
      /^--to is "later"; write a time \(2026-11-22,/,
    );
  });

  it.each([
    ['now', '-1h'],
    ['today', 'today'],
  ])('refuses %s to %s', (from, to) => {
    expect(() => parsePeriod({ from, to }, now)).toThrow(`--from ${from} is not before --to ${to}; swap them`);
  });
});
