import { expect, it } from '@jest/globals';
import {
  isError,
  levelNamed,
  levelOfLetter,
  levelOfSeverity,
  parseLevel,
} from '../../../../shared/parse/values/level.js';

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
  [0, undefined],
  [3, undefined],
  ['2', undefined],
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

it('reads the severities 0 to 7 of syslog', () => {
  expect([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8].map(levelOfSeverity)).toEqual([
    ...[undefined, 'fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug', undefined],
  ]);
});

it('puts error and fatal in the error table', () => {
  expect(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', undefined].map((level) => isError(level as 'error')),
  ).toEqual([false, false, false, false, true, true, false]);
});
