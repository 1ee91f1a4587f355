import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTime } from '../../../../shared/replay/event/readTime.js';

const now = Date.parse('2026-11-28T14:12:30Z');

it.each([
  ['2026-11-28', '2026-11-28T00:00:00Z'],
  ['2026-11-28T14:00', '2026-11-28T14:00:00Z'],
  ['2026-11-28T14:00Z', '2026-11-28T14:00:00Z'],
  ['2026-11-28T14:00:05.5+02:00', '2026-11-28T12:00:05.5Z'],
  ['today', '2026-11-28T00:00:00Z'],
  ['yesterday', '2026-11-27T00:00:00Z'],
  ['now', '2026-11-28T14:12:30Z'],
  ['2h ago', '2026-11-28T12:12:30Z'],
])('reads %s', (text, time) => {
  expect(readTime(text, now)).toBe(Date.parse(time));
});

it.each(['', '2026-02-31', '2026-13-01', '2026-11-28T25:00Z', '28.11.2026', 'soon', '2 h ago', '2026-11-28 14:00'])(
  'refuses "%s"',
  (text) => {
    expect(readTime(text, now)).toBeUndefined();
  },
);

it('reads every instant as it is written', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), (date) => {
      expect(readTime(date.toISOString(), now)).toBe(date.getTime());
    }),
  );
});
