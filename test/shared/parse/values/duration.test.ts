import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { joinUnit, parseLoggedDuration } from '../../../../shared/parse/values/duration.js';

it.each([
  ['4.1ms', 4.1],
  ['120µs', 0.12],
  ['120μs', 0.12],
  ['120us', 0.12],
  ['35ns', 0.000035],
  ['0.123s', 123],
  ['1m2.5s', 62_500],
  ['2h', 7_200_000],
  ['1h0m0.5s', 3_600_500],
  ['0s', 0],
  ['4', undefined],
  ['', undefined],
  ['ms', undefined],
  ['4 ms', undefined],
  ['5m3', undefined],
  ['4ms4ms', undefined],
])('parseLoggedDuration(%j) is %j', (text, expected) => {
  expect(parseLoggedDuration(text)).toBe(expected);
});

it('reads back hours, minutes and seconds', () => {
  fc.assert(
    fc.property(fc.nat({ max: 999 }), fc.nat({ max: 59 }), fc.nat({ max: 59_999 }), (hours, minutes, ms) => {
      expect(parseLoggedDuration(`${hours}h${minutes}m${ms / 1000}s`)).toBeCloseTo(
        (hours * 60 + minutes) * 60_000 + ms,
        6,
      );
    }),
  );
});

it('is fast on a long text', () => {
  for (const piece of ['1', '1h', '1m', '.']) expect(parseLoggedDuration(piece.repeat(200_000))).toBeUndefined();
});

it.each([
  ['3.123', 'ms', '3.123ms'],
  ['took=12', 'milliseconds', 'took=12ms'],
  ['0.5', 'seconds', '0.5s'],
  ['7', 'usec', '7us'],
  ['7', 'bytes', undefined],
  ['-', 'ms', undefined],
])('joinUnit(%j, %j) is %j', (number, unit, expected) => {
  expect(joinUnit(number, unit)).toBe(expected);
});
