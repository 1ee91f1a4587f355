import { expect, it } from '@jest/globals';
import { athenaRegex } from '../../../shared/athena/athenaRegex.js';

/** What Trino took them for was tried on it; the right-hand sides are in the queries that `npm run test:trino` runs, too. */
it.each([
  ['timeout|declined$', 'timeout|declined\\z'],
  ['(?i)fatal', '(?i)fatal'],
  ['cost: \\$5$', 'cost: \\$5\\z'],
  ['[[(]', '[\\[(]'],
  ['[a&&b]', '[a&\\&b]'],
  ['[$.]', '[$.]'],
  ['[\\d-z]', '[\\d\\-z]'],
  ['[\\w.-]+', '[\\w.-]+'],
  ['[^]+', '[\\s\\S]+'],
  ['[]', '[^\\s\\S]'],
  ['[a[]]', '[a\\[]]'],
  ['\\A\\Z\\e\\h', 'AZeh'],
  ['\\x41\\u0041\\cA\\t\\b', '\\x41\\u0041\\cA\\t\\b'],
  ['(?<n>a)\\k<n>\\1', '(?<n>a)\\k<n>\\1'],
  ['\\[a\\]&&', '\\[a\\]&&'],
])('%s', (source, expected) => {
  expect(athenaRegex(source)).toBe(expected);
});
