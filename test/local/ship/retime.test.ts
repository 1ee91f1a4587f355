import { expect, it } from '@jest/globals';
import { retime } from '../../../local/ship/retime.js';

const hours = 3_600_000;

it.each([
  ['2026-11-22T23:30:00.5Z x', '2026-11-23T01:30:00.5Z x'],
  ['2026-11-22 16:41:36,469 INFO', '2026-11-22 18:41:36,469 INFO'],
  ['2026/11/22 16:41:02 [error]', '2026/11/22 18:41:02 [error]'],
  ['1.2.3.4 - - [31/Dec/2026:23:00:00 +0000] "GET', '1.2.3.4 - - [01/Jan/2027:01:00:00 +0000] "GET'],
  ['{"level":30,"time":1795365696256}', '{"level":30,"time":1795372896256}'],
  ['order 1795365696256 of 12/11/2026', 'order 1795365696256 of 12/11/2026'],
])('moves the time of %s', (line, expected) => {
  expect(retime(line, 2 * hours)).toBe(expected);
});
