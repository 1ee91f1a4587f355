import { expect, it } from '@jest/globals';
import { retime, timeIn } from '../../../local/ship/retime.js';

const hours = 3_600_000;

it.each([
  ['2026-11-22T23:30:00.5Z x', '2026-11-23T01:30:00.5Z x'],
  ['2026-11-22 16:41:36,469 INFO', '2026-11-22 18:41:36,469 INFO'],
  ['2026/11/22 16:41:02 [error]', '2026/11/22 18:41:02 [error]'],
  ['1.2.3.4 - - [31/Dec/2026:23:00:00 +0000] "GET', '1.2.3.4 - - [01/Jan/2027:01:00:00 +0000] "GET'],
  ['{"level":30,"time":1795365696256}', '{"level":30,"time":1795372896256}'],
  ['{"ts":1795365696.25,"msg":"x"}', '{"ts":1795372896.25,"msg":"x"}'],
  ['[Sun Nov 22 23:41:02.469 2026] [core:error]', '[Mon Nov 23 01:41:02.469 2026] [core:error]'],
  ['Nov 22 23:41:02 host sshd[1]: x', 'Nov 23 01:41:02 host sshd[1]: x'],
  ['<34>Nov  2 16:41:02 host x', '<34>Nov  2 18:41:02 host x'],
  ['E1122 16:41:02.123456 1 x.go:1] y', 'E1122 18:41:02.123456 1 x.go:1] y'],
  ['2026-13-41T99:00:00 is no time', '2026-13-41T99:00:00 is no time'],
  ['order 1795365696256 of 12/11/2026', 'order 1795365696256 of 12/11/2026'],
])('moves the time of %s', (line, expected) => {
  expect(retime(line, 2 * hours)).toBe(expected);
});

it.each([
  ['2026-11-22T16:41:02.5Z x', '2026-11-22T16:41:02Z'],
  ['2026-11-22T16:41:02+02:00 until 2030-01-01T00:00:00Z', '2026-11-22T14:41:02Z'],
  ['1.2.3.4 - - [22/Nov/2026:16:41:02 -0500] "GET /?from=2020-01-01T00:00:00Z', '2026-11-22T21:41:02Z'],
  ['{"level":30,"time":1795365696256}', '2026-11-22T16:41:36.256Z'],
])('finds the time of %s', (line, time) => {
  expect(timeIn(line)).toBe(Date.parse(time));
});

it('finds none in a line without', () => {
  expect(timeIn('at com.example.Shop(Shop.java:12)')).toBeUndefined();
});
