import { expect, it } from '@jest/globals';
import { isError, parseLevel } from '../../../../shared/parse/values/level.js';

it.each([
  ['WARNING', 'warn'],
  ['Severe', 'error'],
  ['CRITICAL', 'fatal'],
  ['notice', 'info'],
  ['silly', 'trace'],
  ['FINE', 'debug'],
  [10, 'trace'],
  [30, 'info'],
  [35, 'info'],
  [60, 'fatal'],
  ['50', 'error'],
  [0, 'fatal'],
  [3, 'error'],
  [4, 'warn'],
  [7, 'debug'],
  ['constructor', undefined],
  ['loud', undefined],
  [61, undefined],
  [-1, undefined],
  [1.5, undefined],
  [null, undefined],
])('parseLevel(%j) is %j', (value, expected) => {
  expect(parseLevel(value)).toBe(expected);
});

it('puts error and fatal in the error table', () => {
  expect(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', undefined].map((level) => isError(level as 'error')),
  ).toEqual([false, false, false, false, true, true, false]);
});
