import { expect, it } from '@jest/globals';
import { timeEnd } from '../../../../shared/parse/head/headTime.js';

it.each([
  '2026-11-22 16:41:02',
  '2026-11-22T16:41:02Z',
  '2026-11-22 16:41:02,123',
  '2026-11-22 16:41:02.123456 +01:00',
  '2026-11-22 16:41:02 UTC',
  '2026/11/22 16:41:02',
  '2026.11.22 16:41:02.123456',
  '2026-11-22, 16:41:02 UTC',
  '2026-11-22 6:41:02 PM',
  '16:41:02.123',
  '22-Nov-2026 16:41:02.123',
  '22/Nov/2026:16:41:02 +0000',
  '22.11.2026 16:41:02.123',
  '11/22/2026, 4:41:02 PM',
  '26/11/22 16:41:02',
  '11/22/26 16:41:02:414',
  '261122 164102',
  '261122  9:41:02',
  '20261122 16:41:02.123456',
  '20261122T164102Z',
  '11-22 16:41:02.123',
  '11-22|16:41:02.123',
  'Nov 22, 2026 4:41:02 PM UTC',
  'Sun Nov 22 16:41:02 UTC 2026',
  'Sun, 22 Nov 2026 16:41:02 GMT',
])('%j is a time, whatever stands behind it', (time) => {
  for (const behind of ['', ' INFO up', ':INFO:up', '|INFO|up', '] up', ' Zebra', ' - up']) {
    expect({ behind, end: timeEnd(`[${time}${behind}`, 1) }).toEqual({ behind, end: 1 + time.length });
  }
});

it.each(['[1795365662]', '[1795365662.123]', '[1795365662123]', '[Nov 22 16:41:02]'])(
  '%j is a time in brackets only',
  (text) => {
    expect(timeEnd(text, 1)).toBe(text.length - 1);
    expect(timeEnd(text.slice(1), 0)).toBe(-1);
  },
);

it.each([
  '',
  'up',
  'Nov',
  'None of them',
  '2026-11-22',
  '2026-11-22 16:41',
  '16:41',
  '10.0.0.7:80',
  '2026-11-22T16:41:02x',
  '1795365662',
])('%j starts with no time', (text) => {
  expect(timeEnd(text, 0)).toBe(-1);
});
