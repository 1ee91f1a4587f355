import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseInstant } from '../../../../shared/parse/json/instant.js';
import { instants } from '../../../helpers/formats.js';

it.each([
  [{ seconds: 1795858862, nanos: 500_000_000 }, '2026-11-28T09:41:02.500Z'],
  [{ seconds: '1795858862' }, '2026-11-28T09:41:02.000Z'],
  [{ $date: '2026-11-28T10:41:02.401+01:00' }, '2026-11-28T09:41:02.401Z'],
  [{ $date: { $numberLong: '1795858862401' } }, '2026-11-28T09:41:02.401Z'],
  ['2026-11-28T09:41:02Z', '2026-11-28T09:41:02.000Z'],
])('parseInstant(%j) is %s', (value, expected) => {
  expect(new Date(parseInstant(value) ?? Number.NaN).toISOString()).toBe(expected);
});

it.each([
  ...[{}, null, [], { seconds: 5 }, { seconds: 1795858862000 }, { seconds: 1795858862, nanos: 1e9 }],
  ...[{ seconds: 1795858862, nanos: -1 }, { seconds: true }, { $date: {} }, { $date: 'today' }],
])('parseInstant(%j) is no time', (value) => {
  expect(parseInstant(value)).toBeUndefined();
});

it('reads any instant, to the millisecond', () => {
  fc.assert(
    fc.property(instants, (ms) => {
      const nanos = (ms % 1000) * 1_000_000 + 999_999;
      expect(parseInstant({ seconds: Math.floor(ms / 1000), nanos })).toBe(ms);
      expect(parseInstant({ epochSecond: Math.floor(ms / 1000), nanoOfSecond: nanos })).toBe(ms);
    }),
  );
});
