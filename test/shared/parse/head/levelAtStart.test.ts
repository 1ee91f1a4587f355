import { expect, it } from '@jest/globals';
import { levelAtStart } from '../../../../shared/parse/head/levelAtStart.js';

it.each([
  ['ERROR disk full', 'ERROR'],
  ['ERRO[0012] disk full', 'ERRO'],
  ['[ERROR] disk full', 'ERROR'],
  ['[ warn] stock low', 'warn'],
  ['[Warning]: stock low', 'Warning'],
  ['warn: stock low', 'warn'],
  ['Warning: stock low', 'Warning'],
  ['crit: disk full', 'crit'],
  ['nginx: [emerg] bind() failed', 'emerg'],
  ['ERROR', 'ERROR'],
  ['error budgets are fine', undefined],
  ['E is a letter', undefined],
  ['http: panic serving 10.0.0.7', undefined],
  ['[http] up', undefined],
  ['ERRORS were found', undefined],
  ['no ERROR here', undefined],
  ['', undefined],
])('%j states %j', (text, expected) => {
  expect(levelAtStart(text)).toBe(expected);
});
