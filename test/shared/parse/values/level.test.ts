import { expect, it } from '@jest/globals';
import { isError, levelNamed, levelOfLetter, parseLevel } from '../../../../shared/parse/values/level.js';

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
  ['eror', 'error'],
  ['ERRO', 'error'],
  ['CRITI', 'fatal'],
  ['DEBG', 'debug'],
  ['E', 'error'],
  ['W', 'warn'],
  ['e', undefined],
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

it('tells names from letters and numbers', () => {
  expect([levelNamed('Warn'), levelNamed('W'), levelNamed('4')]).toEqual(['warn', undefined, undefined]);
  expect([levelOfLetter('W'), levelOfLetter('w'), levelOfLetter('WARN')]).toEqual(['warn', undefined, undefined]);
});

it('puts error and fatal in the error table', () => {
  expect(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', undefined].map((level) => isError(level as 'error')),
  ).toEqual([false, false, false, false, true, true, false]);
});
